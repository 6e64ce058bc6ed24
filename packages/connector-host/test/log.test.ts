import { expect, test } from '@jest/globals';
import { openLog } from '../src/log.js';

function lines(write: (log: ReturnType<typeof openLog>) => void): string {
  let text = '';
  const to = {
    write: (line: string) => {
      text += line;
    },
  };
  write(openLog({ level: 'trace', to }));
  return text;
}

test('secrets and identifiers are blanked, at the top and one level down', () => {
  const text = lines((log) => {
    log.info({ apiToken: 'sesame', config: { a: 'sesame' }, subject: { value: 'sesame', email: 'sesame' } }, 'told');
  });
  expect(text).toContain('told');
  expect(text).not.toContain('sesame');
});

test('an error brings its code and stack, and nothing else that it carries', () => {
  const error = Object.assign(new Error('broke'), { code: 'E1', request: { headers: 'sesame' } });
  const text = lines((log) => log.error({ err: error }, 'told'));
  expect(JSON.parse(text)).toMatchObject({
    err: { message: 'broke', code: 'E1', stack: expect.stringContaining('broke') },
  });
  expect(text).not.toContain('sesame');
});

test('an error of a query tells the query and its cause, not its parameters', () => {
  const error = Object.assign(new Error('Failed query: select $1\nparams: sesame'), {
    cause: new Error('no such table'),
  });
  const text = lines((log) => log.error({ err: error }, 'told'));
  expect(JSON.parse(text)).toMatchObject({
    err: { message: 'Failed query: select $1', cause: { message: 'no such table' } },
  });
  expect(text).not.toContain('sesame');
});

test('what a library made of an error by copying it is told like one', () => {
  const text = lines((log) =>
    log.warn({ err: { message: 'Failed\nparams: sesame', code: 'E2', query: 'sesame' } }, 'told'),
  );
  expect(JSON.parse(text)).toMatchObject({ err: { message: 'Failed', code: 'E2' } });
  expect(text).not.toContain('sesame');
});
