/** The version of this contract, as semver. A manifest's `contract.range` is matched against it. */
export const CONTRACT_VERSION = '1.0.0';
