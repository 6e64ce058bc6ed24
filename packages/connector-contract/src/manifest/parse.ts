import { createRequire } from 'node:module';
import type { Ajv2020, ValidateFunction } from 'ajv/dist/2020.js';
import type { FormatsPlugin } from 'ajv-formats';
import { consistencyIssues } from './consistency/consistency.js';
import type { ManifestIssue } from './issue.js';
import type { ConnectorManifest } from './manifest.generated.js';
import { copyPlainData } from './plain-data.js';
import { schemaIssues } from './schema-issues.js';

/** The answer of {@link parseManifest}. */
export type ParsedManifest =
  | { readonly ok: true; readonly manifest: ConnectorManifest }
  | { readonly ok: false; readonly issues: readonly ManifestIssue[] };

/** More would help nobody, and a hostile manifest could ask for thousands. */
const MOST_ISSUES = 100;

/**
 * Judges what claims to be a manifest: by the schema, then by whether its parts agree.
 * Takes anything, trusts nothing, never throws; the manifest it answers is a copy.
 */
export function parseManifest(value: unknown): ParsedManifest {
  const data = copyPlainData(value);
  if ('issue' in data) return { ok: false, issues: [data.issue] };
  const validate = manifestValidator();
  if (!validate(data.copy)) return refused(schemaIssues(validate.errors ?? [], data.copy));
  const manifest = data.copy as ConnectorManifest;
  const issues = consistencyIssues(manifest);
  return issues.length === 0 ? { ok: true, manifest } : refused(issues);
}

function refused(issues: readonly ManifestIssue[]): ParsedManifest {
  return { ok: false, issues: issues.slice(0, MOST_ISSUES) };
}

let compiled: ValidateFunction | undefined;

/**
 * Loads the validator when the first manifest is judged: a connector imports this package for its interfaces and faults,
 * and should not pay for a schema validator that only hosts need.
 */
function manifestValidator(): ValidateFunction {
  if (compiled === undefined) {
    const require = createRequire(import.meta.url);
    const ajvModule = require('ajv/dist/2020.js') as { Ajv2020: typeof Ajv2020 };
    const formatsModule = require('ajv-formats') as { default: FormatsPlugin };
    const ajv = new ajvModule.Ajv2020({
      strict: true,
      discriminator: true,
      allErrors: true,
      verbose: true,
      ownProperties: true,
    });
    formatsModule.default(ajv, ['uri']);
    compiled = ajv.compile(require('../../schema/manifest.schema.json') as object);
  }
  return compiled;
}
