import { describe, expect, test } from '@jest/globals';
import { brokenAnchors } from '../../src/testkit/anchors.js';

describe('an anchor is there', () => {
  test.each([
    ['where a heading makes it', '## Set up, step by step\n[x](#set-up-step-by-step)'],
    ['of a heading that comes again', '# A\n# A\n[x](#a-1)'],
    ['of a heading with code and a link', '# The `id` of [it](https://x.example)\n[x](#the-id-of-it)'],
    ['of a heading in another script', '# \u00dcber uns\n[x](#%C3%BCber-uns)'],
    ['where the page sets one itself', '<a id="here"></a>\n[x](#here)'],
    ['where nothing points at it, for it is code', '```\n[x](#nowhere)\n```'],
    ['on another page', '[x](https://x.example/#there)'],
  ])('%s', (_, page) => expect(brokenAnchors(page)).toEqual([]));
});

describe('an anchor is missing', () => {
  test.each([
    ['where no heading makes it', '# A\n[x](#b)', 'b'],
    ['where the heading is in a block of code', '```\n# A\n```\n[x](#a)', 'a'],
    ['of a heading that comes once', '# A\n[x](#a-1)', 'a-1'],
    ['where its code is not one', '[x](#%)', '%'],
    ['where HTML points at it', '<a href="#gone">x</a>', 'gone'],
  ])('%s', (_, page, anchor) => expect(brokenAnchors(page)).toEqual([anchor]));
});
