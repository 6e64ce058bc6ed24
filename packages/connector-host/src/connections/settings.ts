import { filled, given } from '../given.js';
/** What the host is to do otherwise with one connection than by default. Its connector knows nothing of it. */

/** The settings of a connection. */
export interface ConnectionSettings {
  /**
   * A submission of which nobody can find out whether the vendor has it is sent again, instead of waiting for a person. For deletions
   * that do no harm when they are asked for twice; the repeat counts against the quota.
   */
  readonly repeatUncertain: boolean;
  /** Identifiers the vendor takes from this account in a calendar month, where that is another number than the manifest says. */
  readonly monthlyQuota?: number;
}

/** A change of the settings: what is left out stays; `null` goes back to what the manifest says. */
export interface SettingsChange {
  readonly repeatUncertain?: boolean;
  readonly monthlyQuota?: number | null;
}

/** The settings that a row holds, with the defaults of those that it does not. */
export function settingsOf(stored: unknown): ConnectionSettings {
  const { repeatUncertain, monthlyQuota } = (stored ?? {}) as Partial<ConnectionSettings>;
  return { repeatUncertain: repeatUncertain === true, ...given({ monthlyQuota }) };
}

/** Lays a change over settings. */
export function changeSettings(present: ConnectionSettings, change: SettingsChange): ConnectionSettings {
  const { repeatUncertain = present.repeatUncertain, monthlyQuota = present.monthlyQuota ?? null } = change;
  return { repeatUncertain, ...filled({ monthlyQuota }) };
}
