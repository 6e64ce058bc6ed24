/**
 * Tests that every connector passes: the rules of the contract, asked of a connector through a local stand-in for its vendor.
 * Needs `inversify` and `reflect-metadata` beside this package.
 */
export { type ContractTest, type ContractTests, contractTests, describeConnectorContract } from './describe.js';
export { type Examined, examineConnector } from './examine/examine.js';
export type { ContractFixtures, ContractOptions, ContractRunner } from './options.js';
export { type ContractRule, contractRules, type RuleId, type RuleScope, ruleChapters, rulesMarkdown } from './rules.js';
export type { ConfigCase, ContractVendor } from './vendor.js';
