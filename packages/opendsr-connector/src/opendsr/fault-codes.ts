import type { FaultCode, FaultKind } from 'connector-contract';

/** What a code of this connector means. */
export interface OwnCodeFacts {
  readonly kind: FaultKind;
  readonly retryable: boolean;
  /** Plain words. */
  readonly cause: string;
  /** What a person can do about it. */
  readonly remedy: string;
  /** The configuration field that the fault is about. */
  readonly field?: string;
}

/** The codes that this connector adds to the contract's `faultCodes`. Each is documented in the manifest's `troubleshooting`. */
export const ownFaultCodes = {
  PROTOCOL_MISMATCH: {
    kind: 'config',
    retryable: false,
    cause: 'The processor does not speak the version of the protocol that was chosen.',
    remedy: 'Choose the version that the documentation of the processor names, and check that the base URL fits it.',
    field: 'protocol',
  },
  ERASURE_NOT_OFFERED: {
    kind: 'permission',
    retryable: false,
    cause: 'The processor says that it takes no erasure requests.',
    remedy: 'Ask the processor to switch erasure on for your account, or erase people there by other means.',
  },
  IDENTITIES_NOT_OFFERED: {
    kind: 'config',
    retryable: false,
    cause: 'The processor takes none of the identities in the format that was chosen.',
    remedy: 'Choose another identity format; the documentation of the processor says which it takes.',
    field: 'identityFormat',
  },
  SIGNATURE_MISSING: {
    kind: 'vendor',
    retryable: false,
    cause: 'An answer of the processor carries no signature.',
    remedy: 'Ask the processor to sign its answers, as the specification demands. Only then is it sure who answered.',
    field: 'verifySignatures',
  },
  SIGNATURE_INVALID: {
    kind: 'vendor',
    retryable: false,
    cause: 'The signature of an answer does not fit the answer and the certificate of the processor.',
    remedy: 'Ask the processor which certificate it signs with. A proxy that changes answers can be the reason too.',
    field: 'verifySignatures',
  },
  PROCESSOR_DOMAIN_MISMATCH: {
    kind: 'config',
    retryable: false,
    cause: 'An answer was signed in the name of another domain than the one that was entered.',
    remedy: 'Enter the processor domain that the documentation of the processor names.',
    field: 'processorDomain',
  },
  CERTIFICATE_NOT_TRUSTED: {
    kind: 'config',
    retryable: false,
    cause: 'The certificate that the processor signs with cannot be trusted.',
    remedy:
      'Check the processor domain. Where it is right, ask the processor for a valid certificate of a public authority.',
    field: 'processorDomain',
  },
  CERTIFICATE_UNAVAILABLE: {
    kind: 'vendor',
    retryable: false,
    cause: 'The certificate that the processor signs with cannot be had.',
    remedy: 'Enter the certificate URL that the documentation of the processor names.',
    field: 'certificateUrl',
  },
  CONTROLLER_MISMATCH: {
    kind: 'config',
    retryable: false,
    cause: 'The processor answers for another controller than the one that was entered.',
    remedy: 'Correct the controller ID, or enter the credential that belongs to it.',
    field: 'controllerId',
  },
  TLS_NOT_TRUSTED: {
    kind: 'network',
    retryable: false,
    cause: 'The connection shows a certificate that is not trusted.',
    remedy:
      'Check the base URL. A proxy that inspects traffic is the usual reason otherwise: make its authority known to the host.',
  },
  REDIRECTED: {
    kind: 'network',
    retryable: false,
    cause: 'The answer was a redirect. It was not followed, so that the credential goes nowhere else.',
    remedy: 'Enter the address that the processor redirects to as base URL, if it is the processor that does so.',
    field: 'baseUrl',
  },
  GATEWAY_REFUSED: {
    kind: 'network',
    retryable: false,
    cause: 'Something other than the processor, such as a proxy, a firewall or a web site, refused the request.',
    remedy:
      'Check the base URL and the protocol. Where they are right, let the host reach the processor through the proxy or firewall.',
  },
} as const satisfies Record<string, OwnCodeFacts>;

/** A code that this connector gives: one of its own or one of the contract's. */
export type OpenDsrFaultCode = keyof typeof ownFaultCodes | FaultCode;

interface Advice {
  readonly remedy: string;
  readonly field?: string;
}

/** What a person can do about the contract's codes where a processor is the vendor. */
export const advice: Partial<Record<FaultCode, Advice>> = {
  UNAUTHENTICATED: { remedy: 'Copy the credential from the processor again, and check the kind of authentication.' },
  PERMISSION_MISSING: { remedy: 'Ask the processor to allow the credential to make and read data subject requests.' },
  ENDPOINT_NOT_ALLOWED: {
    remedy: 'Use an https address with a public host name, or ask the operator of the host to allow this one.',
    field: 'baseUrl',
  },
  NOT_FOUND: { remedy: 'Check the base URL: it ends with the version, as in https://opendsr.processor.example/v2.' },
  RATE_LIMITED: { remedy: 'Nothing to do: it goes on when the processor allows it.' },
  UNREACHABLE: { remedy: 'Check the base URL, and the network, DNS and proxy of the host.' },
  TIMEOUT: { remedy: 'Nothing to do if it passes; else ask the processor.' },
  VENDOR_ERROR: { remedy: 'Nothing to do if it passes; else ask the processor.' },
  VENDOR_ANSWER_UNREADABLE: {
    remedy: 'Check the base URL, and look for a proxy that answers in place of the processor.',
  },
  INPUT_REFUSED: { remedy: 'Check the identifiers of the request, the regulation and the identity format.' },
};
