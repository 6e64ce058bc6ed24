import { describe, expect, test } from '@jest/globals';
import { patternProblem } from '../../src/manifest/pattern.js';

describe('a pattern is taken when its worst case is bounded', () => {
  test.each([
    '^[a-z0-9-]+$',
    '^[A-Za-z0-9_.-]{8,200}$',
    '^https://[a-z0-9.-]+$',
    '^sgp_[A-Za-z0-9]{20}$',
    '^(?:us|eu)$',
    '^(?<region>us|eu)-[a-z]+$',
    '^(?:ab)+$',
    '^(?:a{2}b)*$',
    '^\\p{L}+$',
    '^[\\]\\w|)(+*]+$',
    '^a\\(b\\)c+$',
    '^\\u{1F600}?$',
    'abc',
  ])('%s', (pattern) => {
    expect(patternProblem(pattern, 4096)).toBeUndefined();
  });
});

describe('a pattern is refused, and it says why, when', () => {
  test.each([
    ['it is malformed', '(a', 'not a regular expression'],
    ['it is malformed for Unicode mode', '\\-', 'not a regular expression'],
    ['it is too long', 'a'.repeat(201), 'longer than 200'],
    ['it repeats a repetition', '^(a+)+$', 'itself repeats'],
    ['it repeats an optional part', '^(?:a?)*$', 'itself repeats'],
    ['it repeats alternatives', '^(a|a)*$', 'itself repeats'],
    ['it counts a repetition', '^(?:a*){20}$', 'itself repeats'],
    ['it hides a repetition two groups deep', '^((?:(a)*b))+$', 'itself repeats'],
    ['it looks ahead', '^(?=a)a$', 'look-ahead'],
    ['it looks behind', 'a(?<!b)', 'look-ahead or look-behind'],
    ['it refers back', '^(a)\\1$', 'back-reference'],
    ['it refers back by name', '^(?<x>a)\\k<x>$', 'back-reference'],
    ['it has many repetitions in a row', '^a*a*a*b$', 'too long'],
    ['it has two repetitions and no anchor', 'a*a*b', 'too long'],
    ['only one of its alternatives is anchored', '^x|a*a*b', 'too long'],
  ])('%s', (_name, pattern, reason) => {
    expect(patternProblem(pattern, 4096)).toContain(reason);
  });
});

test('short values allow more repetitions', () => {
  expect(patternProblem('^[a-z]+\\.[a-z]+\\.[a-z]+$', 4096)).toBeDefined();
  expect(patternProblem('^[a-z]+\\.[a-z]+\\.[a-z]+$', 200)).toBeUndefined();
});

test('the dearest patterns that are taken do finish on values made against them', () => {
  for (const [pattern, length] of [
    ['^a*a*b$', 4096],
    ['a*b', 4096],
    ['^a*a*a*b$', 250],
  ] as const) {
    expect(patternProblem(pattern, length)).toBeUndefined();
    expect(new RegExp(pattern, 'u').test('a'.repeat(length))).toBe(false);
  }
});
