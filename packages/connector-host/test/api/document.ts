import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

interface Answer {
  readonly content?: Readonly<Record<string, unknown>>;
}
interface Document {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly responses: Readonly<Record<string, Answer>> }>>>
  >;
}

/** The host's OpenAPI document, held against what the host really answers. */
export class ApiDocument {
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true });
  private readonly judges = new Map<string, ValidateFunction>();

  constructor(readonly content: Document) {
    formats.default(this.ajv);
    this.ajv.addSchema(content, 'api');
  }

  /** Every call that is documented, as `GET /path/{id}`. */
  get calls(): string[] {
    return Object.entries(this.content.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
  }

  /** The documented path that a real one is an instance of: the one with the fewest parameters. */
  template(path: string): string | undefined {
    const fits = Object.keys(this.content.paths).filter((one) =>
      new RegExp(`^${one.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`).test(path),
    );
    return fits.sort((a, b) => a.split('{').length - b.split('{').length)[0];
  }

  /** What is wrong with an answer: a status that is not documented, a media type, a field too many or too few. */
  faults(method: string, path: string, status: number, type: string, body: unknown): string[] {
    const template = this.template(path.split('?')[0] ?? '');
    if (template === undefined) return status === 404 ? [] : [`${path} is not documented`];
    const name = method.toLowerCase();
    const operation = this.content.paths[template]?.[name];
    if (operation === undefined) return status === 404 ? [] : [`${method} ${template} is not documented`];
    const answer = operation.responses[status];
    if (answer === undefined) return [`${method} ${template} answered ${status}, which is not documented`];
    const media = type.split(';')[0] ?? '';
    // Where there is no content, there is no type.
    if (answer.content === undefined && media === '') return [];
    if (answer.content?.[media] === undefined)
      return [`${method} ${template} ${status} answered ${media}, which is not documented`];
    if (!media.endsWith('json')) return [];
    const escaped = (part: string) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
    const pointer = ['paths', template, name, 'responses', String(status), 'content', media, 'schema']
      .map(escaped)
      .join('/');
    const judge = this.judges.get(pointer) ?? this.ajv.compile({ $ref: `api#/${pointer}` });
    this.judges.set(pointer, judge);
    if (judge(body)) return [];
    return (judge.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  }
}
