/** What tests of the map wait for. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { Stage } from './stage.js';

/** Waits until the host has looked for a connection's systems, which it does by itself. */
export async function untilDetected(stage: Stage, connection: string): Promise<void> {
  const { items } = (await stage.call('GET', '/api/v1/connections')).body;
  const { id } = items.find(({ name }: { name: string }) => name === connection);
  const last = async () => (await stage.call('GET', `/api/v1/connections/${id}/detections`)).body.items[0]?.state;
  while ((await last()) !== 'complete') await delay(100);
}

/** The figures of the map's headline, once it is there. */
export async function headline(page: Page): Promise<Record<'reached' | 'total' | 'needYou' | 'unknown', number>> {
  const words = /A deletion reaches (\d+) of (\d+) systems; (\d+) needs? you, (\d+) (?:is|are) not known/;
  const text = await page.getByText(words).first().textContent();
  const [reached = 0, total = 0, needYou = 0, unknown = 0] = (words.exec(text ?? '') ?? []).slice(1).map(Number);
  return { reached, total, needYou, unknown };
}

/** Waits until every system stands whole within the map, at a size that can be read. */
export async function mapIsWhole(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const frame = document.querySelector('.react-flow')?.getBoundingClientRect();
    const cards = [...document.querySelectorAll<HTMLElement>('.react-flow__node button')];
    return (
      frame !== undefined &&
      cards.length > 0 &&
      cards.every((card) => {
        const { left, right, top, bottom, height } = card.getBoundingClientRect();
        const within = left >= frame.left && right <= frame.right && top >= frame.top && bottom <= frame.bottom;
        return within && height / card.offsetHeight > 0.92;
      })
    );
  });
}
