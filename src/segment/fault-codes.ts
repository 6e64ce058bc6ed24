import type { FaultCode, FaultKind } from 'connector-contract';

/** What a code of this connector means: the contract's facts about it, and what a person can do. */
export interface SegmentCodeFacts {
  readonly kind: FaultKind;
  readonly retryable: boolean;
  /** Plain words. */
  readonly cause: string;
  /** What a person can do about it. */
  readonly remedy: string;
  /** The configuration field that the fault is about, where there is one. */
  readonly field?: string;
}

/** The codes that this connector adds to the contract's `faultCodes`. Each is documented in the manifest's `troubleshooting`. */
export const segmentFaultCodes = {
  WORKSPACE_MISMATCH: {
    kind: 'config',
    retryable: false,
    cause: 'The API token belongs to another workspace than the one that was named.',
    remedy: 'Enter the name of the workspace that the token belongs to, or create a token in the workspace you mean.',
    field: 'workspaceName',
  },
  WORKSPACE_NOT_FOUND: {
    kind: 'config',
    retryable: false,
    cause: 'Segment knows no workspace of that name that the API token may see.',
    remedy: 'Copy the workspace name, slug or id from Settings > Workspace settings > General Settings in Segment.',
    field: 'workspaceName',
  },
  WRONG_REGION: {
    kind: 'config',
    retryable: false,
    cause: 'The API token belongs to a workspace in another region of Segment.',
    remedy: 'Choose the region in which the workspace was created.',
    field: 'region',
  },
  WRONG_GENERATION: {
    kind: 'config',
    retryable: false,
    cause: 'The API token belongs to the other generation of the Segment API than the one that was chosen.',
    remedy: 'Set the API to automatic, or to the generation that the token was made for.',
    field: 'api',
  },
  CONNECTION_NOT_CHECKED: {
    kind: 'config',
    retryable: false,
    cause: 'Which generation of the Segment API the token belongs to, or which workspace, is not known yet.',
    remedy: 'Run the check of the connection; it finds out and keeps the answer.',
    field: 'api',
  },
  PLAN_WITHOUT_API: {
    kind: 'permission',
    retryable: false,
    cause: 'The plan of the Segment workspace does not include the Public API.',
    remedy: 'The Public API comes with the Team and Business plans. Ask whoever manages the Segment plan.',
  },
  READ_ONLY_TOKEN: {
    kind: 'permission',
    retryable: false,
    cause: 'The API token may read the workspace but not change anything, so it cannot make deletion requests.',
    remedy: 'Create a token with Workspace Owner access (Access Management > Tokens) and enter it here.',
    field: 'apiToken',
  },
  TLS_NOT_TRUSTED: {
    kind: 'network',
    retryable: false,
    cause: 'The certificate that was shown in place of Segment is not trusted.',
    remedy:
      'A proxy that inspects traffic is the usual reason: make its certificate authority known to the host, or let Segment pass it by.',
  },
  REDIRECTED: {
    kind: 'network',
    retryable: false,
    cause: 'The answer was a redirect. It was not followed, so that the API token goes nowhere else.',
    remedy:
      'Segment does not redirect: look for a proxy, a sign-in page of the network, or a wrong address of the endpoint.',
  },
  GATEWAY_REFUSED: {
    kind: 'network',
    retryable: false,
    cause: 'Something on the way to Segment, such as a proxy or firewall, refused the request.',
    remedy: 'Let the host reach the Segment endpoint through the proxy or firewall.',
  },
} as const satisfies Record<string, SegmentCodeFacts>;

/** A code that this connector throws: one of its own or one of the contract's. */
export type SegmentFaultCode = keyof typeof segmentFaultCodes | FaultCode;

interface Advice {
  readonly remedy: string;
  readonly field?: string;
}

/** What a person can do about the contract's codes where Segment is the vendor. */
export const segmentAdvice: Partial<Record<FaultCode, Advice>> = {
  UNAUTHENTICATED: {
    remedy:
      'Create a token with Workspace Owner access in Segment (Access Management > Tokens) and enter the whole of it here.',
    field: 'apiToken',
  },
  PERMISSION_MISSING: {
    remedy:
      'Give the token Workspace Owner access to all resources: create a new one under Access Management > Tokens.',
    field: 'apiToken',
  },
  ENDPOINT_NOT_ALLOWED: {
    remedy: 'Leave the endpoint empty to use Segment itself, or ask the operator of the host to allow this origin.',
    field: 'baseUrl',
  },
  INPUT_REFUSED: {
    remedy:
      'Where everybody is refused like this, it is not about their identifiers: test the connection, and look at the Regulation Type under Advanced.',
  },
  RATE_LIMITED: { remedy: 'Nothing to do: the request is made again when Segment allows it.' },
  QUOTA_EXHAUSTED: { remedy: 'Wait for the reset, or ask Segment for a larger regulation quota.' },
  UNREACHABLE: { remedy: 'Check the network, DNS and proxy of the host, and the status page of Segment.' },
  TIMEOUT: { remedy: 'Nothing to do if it passes; else check the network of the host and the status page of Segment.' },
  VENDOR_ERROR: { remedy: 'Nothing to do if it passes; else look at the status page of Segment.' },
  VENDOR_ANSWER_UNREADABLE: {
    remedy: 'Nothing to do if it passes; else look for a proxy that answers in place of Segment, or report it.',
  },
  TOO_LARGE: { remedy: 'Send fewer identifiers at once: at most 5,000 and 4 MB.' },
};
