import type { ConfigField, ConnectorManifest } from '../manifest/index.js';
import { valueFields } from '../manifest/index.js';

type Raw = Readonly<Record<string, unknown>>;

const oddValues: readonly unknown[] = [
  '',
  ' ',
  'x',
  ' x',
  'x ',
  'x\ny',
  'null',
  0,
  1,
  -1,
  1.5,
  1e9,
  true,
  false,
  null,
  [],
  {},
  ['x'],
];

/** Configurations around one that works: each field absent, odd, at and beyond its limits, alone and while another is absent; and unknown keys. */
export function configurationsAround(manifest: ConnectorManifest, good: Raw): readonly Raw[] {
  const fields = valueFields(manifest);
  const variants: Raw[] = [{ ...good, unheardOf: 'x' }, { ...good, constructor: 'x' }, {}];
  for (const field of fields) {
    const others = without(good, field.key);
    variants.push(others, ...valuesFor(field).map((value) => ({ ...others, [field.key]: value })));
    for (const other of fields) {
      if (other.key !== field.key) variants.push(without(others, other.key));
      if (other.kind === 'choice' || other.kind === 'toggle') {
        variants.push(...possible(other).map((value) => ({ ...others, [other.key]: value })));
      }
    }
  }
  return variants;
}

function without(raw: Raw, key: string): Raw {
  return Object.fromEntries(Object.entries(raw).filter(([name]) => name !== key));
}

function possible(field: ConfigField): readonly unknown[] {
  if (field.kind === 'toggle') return [true, false];
  return field.kind === 'choice' ? field.choices.map((choice) => choice.value) : [];
}

function valuesFor(field: ConfigField): readonly unknown[] {
  switch (field.kind) {
    case 'secret':
    case 'string': {
      const { minLength = 1, maxLength = 4096 } = field;
      const lengths = [minLength - 1, minLength, maxLength, maxLength + 1].filter((length) => length > 0);
      return [
        ...oddValues,
        ...lengths.map((length) => 'a'.repeat(length)),
        '\u{1F600}'.repeat(Math.min(maxLength, 3)),
        '\u00a0x',
        'x\u0000y',
        'https://host.example/path',
        'http://127.0.0.1:9',
        'ftp://host.example',
        'https://me@host.example',
      ];
    }
    case 'integer':
      return [
        ...oddValues,
        ...[field.minimum, field.maximum].flatMap((n) => (n === undefined ? [] : [n - 1, n, n + 1])),
      ];
    default:
      return [...oddValues, ...possible(field)];
  }
}
