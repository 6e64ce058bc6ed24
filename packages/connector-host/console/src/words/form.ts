/** Words of forms that are drawn from a manifest. */
export const formWords = {
  show: (label: string) => `Show ${label}`,
  hide: (label: string) => `Hide ${label}`,
  optional: 'optional',
  advanced: 'Advanced',
  stored: 'Stored. Leave it empty to keep it; what is stored is never shown.',
  storedPlaceholder: 'Stored — enter a new one to replace it',
  example: (text: string) => `For example ${text}`,
  default: 'Default',
  faults: (count: number) => (count === 1 ? 'One field needs your attention.' : `${count} fields need your attention.`),
} as const;
