/** The anchors that a page of Markdown points at (`[here](#there)`) and does not have. */
export function brokenAnchors(page: string): readonly string[] {
  const text = page.replace(/^(```|~~~)[\s\S]*?^\1/gm, '');
  const there = new Set([...headingAnchors(text), ...ownAnchors(text)]);
  const pointedAt = [...text.matchAll(/\]\(#([^()\s]*)\)|href="#([^"#]*)"/g)].map(
    (match) => match[1] ?? match[2] ?? '',
  );
  return [...new Set(pointedAt)].filter((anchor) => !there.has(decoded(anchor)));
}

/** As the common renderers make them: lower case, letters, digits, hyphens; a heading that comes again gets a number. */
function headingAnchors(text: string): readonly string[] {
  const seen = new Map<string, number>();
  return [...text.matchAll(/^#{1,6}[ \t](.*)$/gm)].map((match) => {
    const heading = (match[1] ?? '').replace(/(?<!#)#+$/, '').trim();
    const words = heading.replace(/\[([^[\]]*)\]\([^()]*\)/g, '$1').toLowerCase();
    const anchor = words.replace(/[^\p{L}\p{N}\p{M} _-]/gu, '').replaceAll(' ', '-');
    const before = seen.get(anchor) ?? 0;
    seen.set(anchor, before + 1);
    return before === 0 ? anchor : `${anchor}-${before}`;
  });
}

function ownAnchors(text: string): readonly string[] {
  const tags = [...text.matchAll(/<a\s([^<>]*)/g)].map((match) => match[1] ?? '');
  return tags.flatMap((tag) => /(?:id|name)="([^"]+)"/.exec(tag)?.[1] ?? []);
}

function decoded(anchor: string): string {
  try {
    return decodeURIComponent(anchor);
  } catch {
    return anchor;
  }
}
