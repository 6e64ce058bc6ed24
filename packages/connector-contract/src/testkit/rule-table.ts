/** When a rule is asked of a connector: always, or only of those that declare the capability. */
export type RuleScope =
  | 'always'
  | 'deletion'
  | 'status'
  | 'cancel'
  | 'repeatable'
  | 'results'
  | 'by-header'
  | 'system-detection';

/** Scope, title and reason of every rule, by its id. An id is never reused for another rule. */
export const ruleTable = {
  M1: [
    'always',
    'the manifest is in order',
    'A host reads, checks and draws a connector before it runs any of its code, and refuses one whose manifest contradicts itself.',
  ],
  M2: [
    'always',
    'the package says what the manifest says',
    'A host finds the manifest and the module through package.json: name of the file, version, exported entry and keyword have to agree, and the contract range has to admit the contract the package was built with.',
  ],
  M3: [
    'always',
    'the documentation holds the page that the manifest makes',
    'People who read the page instead of the console must see the same steps, fields, codes and permissions.',
  ],
  M4: [
    'always',
    'every anchor that the documentation points at is there',
    'The link is followed by somebody whose connection does not work; it must not lead to the top of the page.',
  ],
  M5: [
    'always',
    "every code of the connector's own that the help explains is in its code",
    'Help for a code that nothing gives out sends people looking for the wrong thing.',
  ],
  M6: [
    'always',
    'the features that it asks of a host are those of the contract',
    'No host offers what the contract does not know: every host would refuse the connector. What it does not ask for, a host may lack, and the rules are asked with a host that does.',
  ],
  B1: [
    'always',
    'importing and loading leave nothing running and nothing changed',
    'A host imports every connector it finds, also those that nobody connects: timers, listeners, globals and output of one would be felt by all.',
  ],
  B2: [
    'always',
    'what is bound is what the manifest declares',
    'A host offers people what the manifest declares. A capability without code fails when it is needed; code without declaration is never used.',
  ],
  B3: [
    'always',
    'every part has the methods of its interface, and cancel only where declared',
    'A host decides by the manifest which methods it may call.',
  ],
  B4: ['always', 'unloading leaves nothing bound', 'Connectors are replaced while the host runs.'],
  B5: [
    'always',
    'loading leaves the bindings of the host alone',
    'A connector that replaces a service of the host takes part in every other connection.',
  ],
  B6: [
    'always',
    'two loaded copies do not disturb each other',
    'Several connections, and several versions, of one connector live side by side.',
  ],
  B7: [
    'always',
    'a host with another copy of inversify can load it',
    'A package manager may install one copy for the host and one for the connector: neither sees the difference.',
  ],
  V1: ['always', 'a configuration that works is valid', 'A form that refuses the right values cannot be completed.'],
  V2: [
    'always',
    'validate and the manifest agree on every value, field by field',
    'The form is drawn from the manifest. A value that it takes and the connector refuses, or the other way about, leaves a person without a way on.',
  ],
  V3: [
    'always',
    'validate answers anything at all and throws at nothing',
    'It sees what came over the network, unchecked.',
  ],
  V4: [
    'always',
    'validate touches neither the network nor its argument',
    "It runs at every key stroke, and the configuration is still the host's.",
  ],
  V5: [
    'always',
    'configurations saved by earlier versions stay valid',
    'An update must not break connections that work.',
  ],
  V6: [
    'always',
    'every field that is asked for is read',
    'People look for the value, and wonder what it changes. What decides when a deletion counts as complete is for the host to read.',
  ],
  V7: [
    'always',
    'no field is read that the manifest does not have',
    'A host hands over the fields of the manifest and nothing else: what is read beside them is never there.',
  ],
  K1: [
    'always',
    'a check answers one outcome for each declared permission, in order',
    'A host shows a line for each; a permission without an answer would look granted.',
  ],
  K2: [
    'always',
    'a connection that works is ready',
    'A host makes no connection that is blocked, and warns of one that is degraded.',
  ],
  K3: ['always', 'a check changes nothing at the vendor', 'It runs before anybody has agreed to anything, and often.'],
  K4: ['always', 'a wrong credential blocks, and the report says what to do', 'The most frequent mistake there is.'],
  K5: [
    'always',
    'a missing permission is denied, blocks where required, and has a remedy',
    'Without the check the first deletion would be the first to find out.',
  ],
  K6: [
    'always',
    'whatever the vendor answers, a check reports and does not throw',
    'Refusals, outages and garbage are everyday events; a throw counts as a defect.',
  ],
  K7: [
    'always',
    'a check that is called off ends at once with ABORTED',
    'A host that shuts down cannot wait for a silent vendor.',
  ],
  D1: [
    'deletion',
    'every subject is planned once or rejected, in the order given',
    'A person who falls out of the plan is never erased and nobody notices.',
  ],
  D2: [
    'deletion',
    'operations stay within the declared limits, and say truly how large they are',
    'The vendor refuses what is larger, and takes the whole batch down with it.',
  ],
  D3: [
    'deletion',
    'all identifiers of a subject travel together, without repeats',
    'A person is concluded when their operation is; an identifier left over would be forgotten.',
  ],
  D4: ['deletion', 'a plan is deterministic', 'After a crash a host plans again and has to find the same operations.'],
  D5: [
    'deletion',
    'a subject that cannot be erased is rejected with a fault',
    'A person needs to be told which identifier is missing.',
  ],
  D6: [
    'deletion',
    'submit answers a reference and every identifier arrives once, byte for byte',
    'A changed identifier erases nobody, or somebody else.',
  ],
  D7: [
    'deletion',
    'an operation counts as not taken only where the vendor did not take it',
    'A host sends again what was not taken. Wrongly so means sent twice; and what is wrongly counted as accepted is never sent.',
  ],
  D8: [
    'deletion',
    'a refusal is known as one, with the right kind of fault',
    'By the kind a host decides whether to wait, to ask a person, or to go on; an uncertainty that is none blocks the batch.',
  ],
  D9: [
    'deletion',
    'the waiting time that a vendor asks for reaches the host',
    'Coming back too early costs the connection its access.',
  ],
  D10: [
    'deletion',
    'submit makes one attempt at the vendor, never more',
    'Only the host knows what is safe to repeat. One request changes something (with `deletion.repeatable` one for each id of a person); what is looked up before counts as part of the attempt.',
  ],
  D11: [
    'deletion',
    'reconcile finds the lost operation, and no other',
    'After a lost answer this alone stands between a person and being sent twice or never. With `deletion.repeatable` it may be sent again.',
  ],
  D12: ['deletion', 'reconcile changes nothing at the vendor', 'It is asked as often as needed.'],
  D13: [
    'status',
    'states only go forward, to a final one',
    'What a host once told a person as done cannot become undone.',
  ],
  D14: [
    'status',
    'trouble with asking for a status is a typed fault',
    'A host retries by what the fault says; anything else is a defect.',
  ],
  D15: [
    'deletion',
    'a submission that is called off ends at once',
    'A host that shuts down cannot wait for a silent vendor.',
  ],
  D16: [
    'deletion',
    'one refused identifier does not hold up the others',
    'One mistyped address among five thousand people must not stop the rest.',
  ],
  D17: ['cancel', 'a deletion that the vendor has not begun can be cancelled', 'The manifest promises it.'],
  D18: [
    'deletion',
    'asking for a status and reconciling, when called off, end at once with ABORTED',
    'A host that shuts down cannot wait for a silent vendor.',
  ],
  D19: [
    'deletion',
    'trouble with reconciling is a typed fault, never a verdict',
    'A host sends again what is said to be absent. An outage that is taken for an empty list has everybody sent twice.',
  ],
  D20: [
    'cancel',
    'a cancellation that went wrong is a typed fault, and never said to have worked',
    'A person is told that nothing will be deleted, and it is.',
  ],
  D21: [
    'deletion',
    'a lost call that arrives late is not sent twice',
    'A broken connection does not stop a request that is under way. To say "absent" before it can no longer arrive is only safe where the vendor takes the repetition for one.',
  ],
  D22: [
    'deletion',
    'every operation has a reference of its own',
    'A host follows an operation by its reference. Of two that have the same one it cannot tell which is done, so it sets the second aside until a person has looked at the vendor. A connector whose vendor gives one id to several asks for the feature `shared-references`.',
  ],
  D23: [
    'deletion',
    'a deletion that the vendor says failed is not completed',
    'A person is told that they were erased, and they were not.',
  ],
  D24: [
    'deletion',
    'what is said of single people is said of everybody in the operation, once, and explained',
    'A host concludes each of them by it. Of whom nothing is said, it can only believe what is said of the whole.',
  ],
  D25: [
    'results',
    'of somebody whom the vendor does not know, that is said',
    'A privacy lead who reads "erased" stops looking. Most of the time another identifier would have found the person.',
  ],
  D26: [
    'repeatable',
    'a submission that broke off is finished by the next',
    'A host submits again what may be submitted again. A person of several ids, of whom some were deleted the first time, must not be left half-way.',
  ],
  S1: [
    'system-detection',
    'every system is found once, under a key of its own',
    'The inventory is kept by key; what is missing looks gone, what comes twice looks new.',
  ],
  S2: ['system-detection', 'a system has the same key in every detection', 'Otherwise all systems look new every day.'],
  S3: [
    'system-detection',
    'each system is complete and says where its coverage is known from',
    'A privacy lead acts on the coverage, and must be able to check it.',
  ],
  S4: ['system-detection', 'connections lead to systems that were found', 'The map is drawn from them.'],
  S5: ['system-detection', 'a detection changes nothing at the vendor', 'It runs every day by itself.'],
  S6: [
    'system-detection',
    'a detection that cannot be completed throws a typed fault',
    'An inventory that ends early without a word archives what still exists.',
  ],
  S7: ['system-detection', 'a detection that is called off ends at once with ABORTED', 'It may run for minutes.'],
  H1: [
    'always',
    'no redirect is followed to another host',
    'The credential would go along, to wherever the answer points.',
  ],
  H2: [
    'always',
    'an endpoint that nobody allowed is not called',
    'The configuration comes from a person; the host vouches for where connectors connect to.',
  ],
  H3: [
    'always',
    'no secret appears in a report, a fault, a reference or a log line, and none is printed',
    'These are stored, shown and sent on. The vendor may repeat the secret in its answer.',
  ],
  H4: [
    'deletion',
    'no identifier of a person appears in a fault, a reference or a log line, and none is printed',
    "These outlive the person's data. The vendor may repeat identifiers in its answer.",
  ],
  H5: ['always', 'every fault has a documented code and a message', 'People look the code up; hosts decide by it.'],
  H6: ['always', 'what crosses the boundary is plain data', 'A host may run a connector in a process of its own.'],
  H7: [
    'always',
    'every request waits its turn under a declared rate',
    'The limit is shared by everything that uses the connection, on all machines of the host.',
  ],
  H8: [
    'always',
    'an answer without end is not read to the end',
    'A vendor, or what pretends to be one, must not be able to fill the memory of the host.',
  ],
  H9: [
    'always',
    'every rate that is declared is used',
    'A host keeps the share of a limit free for a connector; one that nothing waits under is a promise about nothing.',
  ],
  H10: [
    'always',
    'use leaves nothing running',
    'A timer or an open connection that outlives its call keeps the process of the host from ending.',
  ],
  H11: [
    'always',
    'a vendor that never comes to the end of an answer is given up within limits.timeoutMs',
    'Everything that waits for the connection would wait for ever. A byte now and then must not count as an answer.',
  ],
  H12: [
    'always',
    'no host is connected to but those of the connection',
    'A host lets a connector out to the hosts that the manifest names and nowhere else. What a connector sends elsewhere, nobody has agreed to.',
  ],
  H13: [
    'by-header',
    'what an answer says is left is handed on',
    'Others use the account as well. A host that is not told what is left sends in vain, and everybody waits the longer.',
  ],
} as const satisfies Record<string, readonly [RuleScope, string, string]>;
