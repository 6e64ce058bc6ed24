/** The shapes that the contract gives a connector's answers, checked on copies; keys beyond the contract are dropped. */
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type {
  Accepted,
  CancelOutcome,
  CheckReport,
  DetectedSystem,
  FaultData,
  NotAccepted,
  OperationStatus,
  ReconcileOutcome,
  ValidationReport,
} from 'connector-contract';
import { CoverageState, FaultKind, OperationState, SubjectOutcome, SystemKind } from 'connector-contract';
import { plainCopy } from './plain-copy.js';

const ajv = new Ajv2020({
  strict: true,
  removeAdditional: true,
  formats: { instant: (text: string) => !Number.isNaN(Date.parse(text)) },
});

const text = { type: 'string' } as const;
const word = { type: 'string', minLength: 1 } as const;
const instant = { type: 'string', format: 'instant' } as const;
const count = { type: 'number', minimum: 0 } as const;
const texts = { type: 'array', items: text } as const;
const facts = {
  type: 'object',
  propertyNames: { maxLength: 200 },
  additionalProperties: { anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }] },
} as const;

function record(required: object, optional: object = {}): object {
  return {
    type: 'object',
    properties: { ...required, ...optional },
    required: Object.keys(required),
    additionalProperties: false,
  };
}

function list(items: object): object {
  return { type: 'array', items };
}

function oneOf(values: Readonly<Record<string, string>> | readonly string[]): object {
  return { enum: Object.values(values) };
}

const fault = record(
  {
    code: { type: 'string', pattern: '^[A-Z][A-Z0-9_]*$' },
    kind: oneOf(FaultKind),
    retryable: { type: 'boolean' },
    message: text,
  },
  { retryAfterMs: count, remedy: text, field: text, httpStatus: { type: 'integer' } },
);

const quota = record({}, { remaining: { type: 'number' }, consumed: { type: 'number' }, resetsAt: instant });

const results = list(record({ id: word, outcome: oneOf(SubjectOutcome) }, { fault }));

const schemas = {
  fault,
  validation: record({
    valid: { type: 'boolean' },
    issues: list(record({ field: text, code: word, message: text }, { remedy: text })),
  }),
  check: record({
    status: oneOf(['ready', 'degraded', 'blocked']),
    permissions: list(
      record(
        { permission: word, outcome: oneOf(['granted', 'denied', 'unverifiable', 'skipped']), message: text },
        { code: word, remedy: text, field: text },
      ),
    ),
    problems: list(fault),
    facts,
  }),
  accepted: record({ accepted: { const: true }, reference: word }, { expectedBy: instant, result: results, quota }),
  notAccepted: record(
    { accepted: { const: false }, certain: oneOf(['not-taken', 'unknown']), fault },
    // Its operations are copied and compared by `readOperations`.
    { quota, instead: { type: 'array', minItems: 1 } },
  ),
  foundAccepted: record({ found: { const: 'accepted' }, reference: word }, { expectedBy: instant, result: results }),
  foundAbsent: record({ found: { const: 'absent' } }),
  foundNotYet: record(
    { found: { const: 'not-yet' }, retryAfterMs: count },
    { progress: { type: 'string', maxLength: 4000 } },
  ),
  foundUndecidable: record({ found: { const: 'undecidable' }, fault }),
  status: record(
    {
      state: oneOf(OperationState),
      vendorState: text,
      destinations: list(
        record(
          {
            name: text,
            state: oneOf(['pending', 'completed', 'failed', 'not-supported', 'unknown']),
            vendorState: text,
          },
          { id: text, message: text, finishedAt: instant },
        ),
      ),
      exceptions: list(record({ system: text, reason: text }, { id: text })),
    },
    { subjects: results, expectedBy: instant, finishedAt: instant },
  ),
  cancelled: record({ cancelled: { const: true } }),
  notCancelled: record({ cancelled: { const: false }, fault }),
  system: record(
    {
      key: word,
      name: text,
      kind: oneOf(SystemKind),
      vendor: record({ name: text, slug: text }, { domain: text, logo: text }),
      categories: texts,
      seenIn: texts,
      connectedTo: texts,
      coverage: record({
        state: oneOf(CoverageState),
        reason: text,
        source: record({ title: text, url: text, asOf: text }),
      }),
    },
    { vendorId: word, enabled: { type: 'boolean' }, unlisted: { const: true } },
  ),
} as const satisfies Record<string, object>;

/** The name of an answer's shape. */
export type AnswerShape = keyof typeof schemas;

interface Answers {
  fault: FaultData;
  validation: ValidationReport;
  check: CheckReport;
  accepted: Accepted;
  notAccepted: Omit<NotAccepted, 'instead'> & { readonly instead?: readonly unknown[] };
  foundAccepted: ReconcileOutcome;
  foundAbsent: ReconcileOutcome;
  foundNotYet: ReconcileOutcome;
  foundUndecidable: ReconcileOutcome;
  status: OperationStatus;
  cancelled: CancelOutcome;
  notCancelled: CancelOutcome;
  system: DetectedSystem;
}

/** Thrown where an answer has not the shape; the message names the place, never a value. */
export class WrongShape extends Error {}

const compiled = new Map<AnswerShape, ValidateFunction>();

/** Copies an answer, judges it and gives it its type. Throws {@link WrongShape} or NotPlainData. */
export function shaped<S extends AnswerShape>(shape: S, given: unknown): Answers[S] {
  const validate = validator(shape);
  const answer = plainCopy(given);
  if (validate(answer)) return answer as Answers[S];
  throw new WrongShape(`its answer${placeOf(validate.errors?.[0])}`);
}

/** Whether plain data is a fault as the contract says. */
export function isFaultData(value: unknown): value is FaultData {
  return validator('fault')(value);
}

/** The answer of `reconcile`, by what it says was found. */
export function reconcileOutcome(answer: unknown): ReconcileOutcome {
  const found = (answer as { found?: unknown } | null | undefined)?.found;
  if (found === 'accepted') return shaped('foundAccepted', answer);
  if (found === 'absent') return shaped('foundAbsent', answer);
  return found === 'not-yet' ? shaped('foundNotYet', answer) : shaped('foundUndecidable', answer);
}

/** The answer of `cancel`. */
export function cancelOutcome(answer: unknown): CancelOutcome {
  const cancelled = (answer as { cancelled?: unknown } | null | undefined)?.cancelled === true;
  return cancelled ? shaped('cancelled', answer) : shaped('notCancelled', answer);
}

function validator(shape: AnswerShape): ValidateFunction {
  const known = compiled.get(shape);
  if (known !== undefined) return known;
  const made = ajv.compile(schemas[shape]);
  compiled.set(shape, made);
  return made;
}

function placeOf(error: ErrorObject | undefined): string {
  return error === undefined ? ' is not as the contract says' : `${error.instancePath} ${error.message ?? 'is wrong'}`;
}
