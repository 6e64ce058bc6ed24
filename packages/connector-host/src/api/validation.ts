import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { FastifyInstance } from 'fastify';
import { HostProblem } from '../problem.js';
import { unkeepable } from './keepable.js';

/**
 * Judges what comes in by JSON Schema 2020-12, the dialect of OpenAPI 3.1. Bodies are taken as they are; texts of paths and queries
 * become numbers and booleans where the schema says so. Unknown fields are refused, never dropped.
 */
export function validateInput(app: FastifyInstance): void {
  const options = { allErrors: true, strict: true, strictTypes: false } as const;
  const exact = new Ajv2020(options);
  const lenient = new Ajv2020({ ...options, coerceTypes: true });
  for (const ajv of [exact, lenient]) formats.default(ajv);
  app.setValidatorCompiler(({ schema, httpPart }) => {
    const ajv = httpPart === 'body' ? exact : lenient;
    let judge: ValidateFunction | undefined;
    // Compiled when it is first asked: all of them together would take a quarter of a second of each start.
    return (value: unknown) => {
      judge ??= ajv.compile(schema as object);
      return judge(value) || { error: judge.errors ?? [] };
    };
  });
  app.addHook('preValidation', async ({ params, query, body, routeOptions }) => {
    // A route that reads its body itself names the faults by field; a stream is read as it comes.
    const own = routeOptions.attachValidation === true || (typeof body === 'object' && body !== null && 'pipe' in body);
    const trouble = unkeepable(params) ?? unkeepable(query) ?? (own ? undefined : unkeepable(body));
    if (trouble !== undefined) throw new HostProblem('INPUT_INVALID', trouble);
  });
  app.addHook('preHandler', async ({ params, query }) => {
    // A number of four hundred digits becomes an infinite one, which no bound of a schema is held against.
    for (const value of [...Object.values(params ?? {}), ...Object.values(query ?? {})]) {
      if (typeof value === 'number' && !Number.isFinite(value))
        throw new HostProblem('INPUT_INVALID', 'A number is too large.');
    }
  });
  // The schemas of answers describe; they do not cut. A test holds every answer against its schema.
  app.setSerializerCompiler(() => JSON.stringify);
}
