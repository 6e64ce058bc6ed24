/** The anchors that a page of Markdown points at (`[here](#there)`) and does not have. */
export function brokenAnchors(page: string): readonly string[] {
  const text = page.replace(/^(```|~~~)[\s\S]*?^\1/gm, '');
  const there = new Set([...headingAnchors(text), ...ownAnchors(text)]);
  const pointedAt = [...text.matchAll(/\]\(#([^)\s]*)\)|href="#([^"]*)"/g)].map((match) => match[1] ?? match[2] ?? '');
  return [...new Set(pointedAt)].filter((anchor) => !there.has(decoded(anchor)));
}

/** As the common renderers make them: lower case, letters, digits, hyphens; a heading that comes again gets a number. */
function headingAnchors(text: string): readonly string[] {
  const seen = new Map<string, number>();
  return [...text.matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)].map((match) => {
    const words = (match[1] ?? '').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const anchor = words.replace(/[^\p{L}\p{N}\p{M} _-]/gu, '').replaceAll(' ', '-');
    const before = seen.get(anchor) ?? 0;
    seen.set(anchor, before + 1);
    return before === 0 ? anchor : `${anchor}-${before}`;
  });
}

function ownAnchors(text: string): readonly string[] {
  return [...text.matchAll(/<a\s[^>]*?(?:id|name)="([^"]+)"/g)].map((match) => match[1] ?? '');
}

function decoded(anchor: string): string {
  try {
    return decodeURIComponent(anchor);
  } catch {
    return anchor;
  }
}
