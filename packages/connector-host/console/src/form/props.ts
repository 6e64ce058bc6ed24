import type { ConfigField, FieldIssue } from 'connector-contract';

/** What every field of a form is given. */
export interface FieldProps<Field extends ConfigField> {
  readonly field: Field;
  /** What was entered, or the default. */
  readonly value: string | number | boolean | undefined;
  readonly issue: FieldIssue | undefined;
  onChange(value: string | number | boolean | undefined): void;
  /** The reader left the field. */
  onDone(): void;
  /** A secret that is kept at the host already. */
  readonly stored?: boolean;
}
