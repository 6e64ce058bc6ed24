import type { ConnectorConfig } from 'connector-contract';
import { present, settingsOf as resolved } from 'connector-kit';
import { ownManifest } from './manifest.js';
import type { Protocol } from './opendsr/protocol.js';

/** How identity values can be sent: as they are, or as a lower case hexadecimal digest. */
export const identityFormats = ['raw', 'sha256', 'sha1', 'md5'] as const;

/** One of these. */
export type IdentityFormat = (typeof identityFormats)[number];

/** The law a request is made under. */
export type Regulation = 'gdpr' | 'ccpa';

/** How answers are verified. */
export interface SignatureSettings {
  /** The only processor domain whose signatures count, lower case. */
  readonly domain: string;
  /** Takes the place of the address that discovery names. */
  readonly certificateUrl?: string;
}

/** A configuration, read. Holds the credential: never log it. */
export interface Settings {
  /** Base URL without a slash at its end. */
  readonly base: string;
  readonly protocol: Protocol;
  /** Value of the `Authorization` header. */
  readonly authorization: string;
  readonly regulation: Regulation;
  readonly identityFormat: IdentityFormat;
  /** The controller that the credential must belong to, where somebody said so. */
  readonly controllerId?: string;
  /** Absent where somebody switched the verification off. */
  readonly signatures?: SignatureSettings;
}

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;
}

function authorizationOf(text: (key: string) => string): string {
  switch (text('authKind')) {
    case 'basic':
      return basic(text('username'), text('password'));
    case 'key-secret':
      return basic(text('apiKey'), text('apiSecret'));
    default:
      return `Bearer ${text('bearerToken')}`;
  }
}

/** Reads a configuration. @throws ConnectorFault `CONFIG_INVALID` naming the first field that is wrong. */
export function settingsOf(given: ConnectorConfig): Settings {
  const config = resolved(ownManifest(), given) as ConnectorConfig;
  const text = (key: string): string => String(config[key] ?? '');
  const address = new URL(text('baseUrl'));
  const signatures: SignatureSettings = {
    domain: (text('processorDomain') || address.hostname).toLowerCase(),
    ...present({ certificateUrl: text('certificateUrl') || undefined }),
  };
  return {
    base: address.href.replace(/(?<!\/)\/+$/, ''),
    protocol: text('protocol') as Protocol,
    authorization: authorizationOf(text),
    regulation: text('regulation') as Regulation,
    identityFormat: text('identityFormat') as IdentityFormat,
    ...present({
      controllerId: text('controllerId') || undefined,
      signatures: config['verifySignatures'] === false ? undefined : signatures,
    }),
  };
}
