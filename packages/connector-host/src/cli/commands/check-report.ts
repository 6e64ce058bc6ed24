import type { CheckReport } from 'connector-contract';
import type { Output } from '../output.js';

/** A check as a person reads it: what is wrong with the connection as a whole, then a line for each permission. */
export function checkText(report: CheckReport, output: Output): string {
  const rows = report.permissions.map(({ permission, outcome, message, remedy }) => [
    permission,
    outcome,
    [message, remedy].filter(Boolean).join(' '),
  ]);
  const facts = Object.entries(report.facts).map(([name, value]) => `${name}: ${value}`);
  return [
    `The connection is ${report.status}.`,
    ...report.problems.map(({ code, message, remedy }) => `${code}: ${[message, remedy].filter(Boolean).join(' ')}`),
    output.table(['permission', 'outcome', 'what was found'], rows),
    ...(facts.length > 0 ? [facts.join(' · ')] : []),
  ].join('\n');
}
