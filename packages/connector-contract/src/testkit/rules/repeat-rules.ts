import { deepEqual, ok } from 'node:assert/strict';
import type { Operation, Subject } from '../../deletion.js';
import type { Bench } from '../bench.js';
import type { Connection } from '../connection.js';
import { plainIdentifier, valuesOf } from '../subjects.js';
import { halfway, meetingName, type VendorFault } from '../vendor-fault.js';
import type { RuleChecks } from './rule-check.js';
import { accepted, erasedBy } from './submission.js';

/** Submitting again what may be submitted again. */
export const repeatRules: Pick<RuleChecks<'D'>, 'D26'> = {
  async D26(bench: Bench) {
    const usual = await bench.connected();
    await accepted(usual, operationOfMany(bench, usual));
    const lost: VendorFault = { kind: 'lost' };
    for (const [fault, after] of [[lost, 0] as const, ...halfway(bench.gate.calls.length)]) {
      const connection = await bench.connected();
      const operation = operationOfMany(bench, connection);
      bench.gate.meet(fault, after);
      const first = await connection.submit(operation);
      bench.gate.heal();
      const when = meetingName(fault, after);
      const begun = (await erasedBy(bench)).length > 0;
      ok(
        first.accepted || first.certain === 'unknown' || !begun,
        `${when}: somebody is deleted, and submit says not taken`,
      );
      await accepted(connection, operation);
      const erased = new Set(await erasedBy(bench));
      deepEqual(
        [...erased].sort(),
        [...valuesOf(operation.subjects)].sort(),
        `${when}, and submitted again: who is deleted (first) is not who was to be (second)`,
      );
    }
  },
};

/** An operation for one person who has several identifiers of each kind. */
function operationOfMany({ manifest }: Bench, { deletion, config }: Connection): Operation {
  const subject: Subject = {
    id: 'subject-of-many-ids',
    identifiers: manifest.identities.kinds.flatMap(({ kind }) =>
      ['one', 'two', 'three'].map((name) => plainIdentifier(kind, name)),
    ),
  };
  const [operation] = deletion.plan([subject], config).operations;
  ok(operation, 'a person who has three identifiers of each kind is not planned');
  return operation;
}
