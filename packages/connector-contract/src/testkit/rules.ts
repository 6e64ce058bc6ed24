import { type RuleScope, ruleTable } from './rule-table.js';

export type { RuleScope } from './rule-table.js';

/** One rule of the contract. */
export interface ContractRule {
  /** Letter of the chapter and a number; never reused for another rule. */
  readonly id: string;
  /** What holds, as a sentence without a full stop; the name of the test. */
  readonly title: string;
  /** Why a host depends on it. */
  readonly reason: string;
  readonly scope: RuleScope;
}

/** The chapters, by the letter their rules begin with. */
export const ruleChapters = {
  M: 'Manifest',
  B: 'Module and binding',
  V: 'Validation',
  K: 'Check',
  D: 'Deletion',
  S: 'System detection',
  H: 'Hygiene',
} as const;

/** Id of a rule. */
export type RuleId = keyof typeof ruleTable;

/** Every rule of the contract. Names of tests and `docs/contract-rules.md` are made from this table. */
export const contractRules: readonly (ContractRule & { readonly id: RuleId })[] = Object.entries(ruleTable).map(
  ([id, [scope, title, reason]]) => ({ id: id as RuleId, scope, title, reason }),
);

/** The rules as a page of Markdown. */
export function rulesMarkdown(): string {
  const scopes: Record<RuleScope, string> = {
    always: '',
    deletion: ' Asked of connectors with the capability _deletion_.',
    status: ' Asked where the manifest says `statusPollable`.',
    repeatable: ' Asked where the manifest says `deletion.repeatable`.',
    cancel: ' Asked where the manifest says `cancellable`.',
    'by-header': ' Asked where a rate of the manifest has `byHeader`.',
    results: ' Asked of connectors that ask for the feature `subject-results`.',
    'system-detection': ' Asked of connectors with the capability _system detection_.',
  };
  const chapters = Object.entries(ruleChapters).map(([letter, name]) => {
    const rules = contractRules.filter((rule) => rule.id.startsWith(letter));
    const entries = rules.map(({ id, title, reason, scope }) => `### ${id} ${title}\n\n${reason}${scopes[scope]}`);
    return `## ${letter}: ${name}\n\n${entries.join('\n\n')}`;
  });
  return `# The rules of the connector contract

What every connector keeps, and why. \`describeConnectorContract\` of \`connector-contract/testkit\` turns each rule into a test
whose name begins with the rule's number. This page is made from the same table: \`npm run generate\`.

${chapters.join('\n\n')}
`;
}
