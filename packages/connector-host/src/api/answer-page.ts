/** The page by which a contact answers: plain HTML without a script, for people who know nothing of the host. Pure. */
import { hash } from 'node:crypto';
import type { Asked } from '../contacts/answering.js';
import { fileLimits } from '../requests/files.js';

const MEGABYTE = 1024 * 1024;

const style = `
:root{color-scheme:light dark;--ink:#1c2430;--soft:#4a5563;--ground:#f5f6f8;--card:#fff;--line:#8a94a3;--deed:#0b5cad;--deed-ink:#fff;--bad:#a3131f;--bad-ground:#fdecee}
@media (prefers-color-scheme:dark){:root{--ink:#e8ebf0;--soft:#b3bcc9;--ground:#12161c;--card:#1b212a;--line:#7a8596;--deed:#8ec2ff;--deed-ink:#0b1622;--bad:#ffb3ba;--bad-ground:#3a1a1e}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:1rem/1.55 system-ui,sans-serif}
main{max-width:42rem;margin:0 auto;padding:2rem 1.25rem 3rem}
h1{font-size:1.5rem;line-height:1.3;margin:0 0 1rem}
h2{font-size:1.1rem;margin:1.75rem 0 .5rem}
p{margin:.5rem 0}
.soft,.hint{color:var(--soft)}
.card{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:1rem 1.25rem;margin:1rem 0}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.35rem 1.25rem;margin:0}
dt{color:var(--soft)}
dd{margin:0;overflow-wrap:anywhere;white-space:pre-line}
fieldset{border:0;margin:0;padding:0}
legend{font-size:1.1rem;font-weight:600;padding:0;margin:1.75rem 0 .5rem}
.choice{display:flex;gap:.65rem;align-items:flex-start;padding:.6rem 0}
.choice input{width:1.25rem;height:1.25rem;margin:.15rem 0 0;flex:none;accent-color:var(--deed)}
.more{margin:0 0 .75rem 1.9rem}
label.field{display:block;font-weight:600}
input[type=file],textarea{width:100%;font:inherit;color:inherit;background:var(--ground);border:1px solid var(--line);border-radius:.375rem;padding:.5rem;margin:.25rem 0}
textarea{min-height:6rem}
button{font:inherit;font-weight:600;color:var(--deed-ink);background:var(--deed);border:0;border-radius:.375rem;padding:.7rem 1.4rem;margin-top:1rem;cursor:pointer}
:focus-visible{outline:3px solid var(--deed);outline-offset:2px}
.bad{background:var(--bad-ground);color:var(--bad);border-left:.3rem solid var(--bad);padding:.75rem 1rem;margin:1rem 0}
form:not(:has(:checked)) .more,form:has(#nothing:checked) .more,form:has(#data:checked) .why,form:has(#cannot:checked) .files{display:none}
@media (max-width:30rem){dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.6rem}button{width:100%}}
`;

/** The only thing that the page may load is its own style. */
export const answerPolicy = `default-src 'none'; style-src 'sha256-${hash('sha256', style, 'base64')}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;

/** What the reader of a page had entered, and what was wrong with it. */
export interface Entered {
  readonly answer?: string;
  readonly reason?: string;
  readonly wrong: string;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** Kinds of identifier as people say them. */
const kinds: Readonly<Record<string, string>> = { email: 'E-mail', user_id: 'User ID', phone: 'Phone' };

function document(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>${escaped(title)}</title><style>${style}</style></head>
<body><main>${body}</main></body></html>`;
}

/** A page that only says something. */
export function plainPage(title: string, paragraphs: readonly string[]): string {
  return document(title, `<h1>${escaped(title)}</h1>${paragraphs.map((one) => `<p>${escaped(one)}</p>`).join('')}`);
}

/** What a link leads to that is unknown, used or over: which of them, it does not say. */
export function nowherePage(): string {
  return plainPage('This link leads nowhere', [
    'It may have been used already, its time may be over, or it is not whole.',
    'If you meant to answer, open the link in the last message that you got, or reply to that message.',
  ]);
}

/** Thanks for an answer. */
export function thanksPage(reference: string): string {
  return plainPage('Thank you', [
    `Your answer to ${reference} has arrived. You can close this page; the link has ended.`,
  ]);
}

/** @param day a time as its reader has it. */
export function askPage(asked: Asked, day: string, entered?: Entered): string {
  const { reference, connection, contact, identifiers } = asked;
  const row = (name: string, text: string) => `<dt>${escaped(name)}</dt><dd>${escaped(text)}</dd>`;
  const people = identifiers.map(({ kind, value }) => row(kinds[kind] ?? kind, value)).join('');
  const facts = [
    row('Reference', reference),
    row('Answer by', day),
    ...(contact.accountId === undefined ? [] : [row('Account', contact.accountId)]),
    ...(contact.notes === undefined ? [] : [row('Notes', contact.notes)]),
  ].join('');
  const choice = (id: string, label: string) =>
    `<div class="choice"><input type="radio" name="answer" id="${id}" value="${id}" required${entered?.answer === id ? ' checked' : ''}><label for="${id}">${escaped(label)}</label></div>`;
  const wrong =
    entered === undefined
      ? ''
      : `<div class="bad" role="alert" id="wrong"><strong>Your answer was not taken.</strong> ${escaped(entered.wrong)}</div>`;
  const title = `A person asks for their data in ${connection}`;
  return document(
    `${entered === undefined ? '' : 'Not taken: '}${title}`,
    `<h1>${escaped(title)}</h1>${wrong}
<p>They ask for a copy of all data about them that you hold there. You are named as the one who can answer.</p>
<h2 id="who">Whom it is about</h2><div class="card"><dl aria-labelledby="who">${people}</dl></div>
<h2 id="what">The request</h2><div class="card"><dl aria-labelledby="what">${facts}</dl></div>
<form method="post" enctype="multipart/form-data"><fieldset${entered === undefined ? '' : ' aria-describedby="wrong"'}><legend>Your answer</legend>
${choice('data', 'Here is the data')}
<div class="more files"><label class="field" for="files">Files</label>
<input type="file" id="files" name="files" multiple aria-describedby="most"><p class="hint" id="most">At most ${fileLimits.files} files of ${fileLimits.bytes / MEGABYTE} MB each.</p></div>
${choice('nothing', 'We hold nothing about this person')}
${choice('cannot', 'We cannot, because')}
<div class="more why"><label class="field" for="reason">Why you cannot</label>
<textarea id="reason" name="reason" maxlength="2000" aria-describedby="unnamed">${escaped(entered?.reason ?? '')}</textarea><p class="hint" id="unnamed">Leave the identifiers of the person out.</p></div>
</fieldset><button type="submit">Send the answer</button></form>
<p class="soft">You can answer once. Opening this page changes nothing; that it was opened is kept.</p>`,
  );
}
