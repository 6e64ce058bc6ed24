/** What calls about notices answer. */
import { roles } from '../../access/roles.js';
import { deliveryStates } from '../../notices/deliveries.js';
import { channels } from '../../notices/target.js';
import { contactKinds, noticeKinds } from '../../outbox.js';
import { type JsonSchema, list, object, oneOf, page, ref, text, time, whole } from './json-schema.js';

const timeOfDay = { type: 'string', pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' };

/** Hours in which nothing is sent. */
export const quietHours = {
  ...object({ from: timeOfDay, until: timeOfDay }),
  description: 'Times of day, such as 22:00 and 07:00, between which nothing is sent.',
};

/** Schemas of notices, by name. */
export const noticeSchemas: Readonly<Record<string, JsonSchema>> = {
  NoticeKind: oneOf(noticeKinds),
  Notice: object(
    {
      id: text(),
      channel: oneOf(channels),
      to: object(
        {
          address: text('E-mail address.'),
          role: oneOf(roles, 'Everybody with a token of this role that carries an e-mail address.'),
          owner: { type: 'boolean', description: 'Whoever owns the work that it is about.' },
          origin: text('Of a webhook; its address never comes back.'),
        },
        'address',
        'role',
        'owner',
        'origin',
      ),
      kinds: list(ref('NoticeKind')),
      quiet: quietHours,
      zone: text('Of the quiet hours and of times in messages.'),
      active: { type: 'boolean' },
      switchedOff: object({
        at: time(),
        why: oneOf(['silent', 'gone'], 'The receiver took nothing for three days, or said that it wants nothing.'),
      }),
      createdAt: time(),
    },
    'quiet',
    'switchedOff',
  ),
  NoticeList: object({
    items: list(ref('Notice')),
    total: whole(),
    kinds: list(object({ kind: ref('NoticeKind'), label: text() })),
    mail: { type: 'boolean', description: 'Whether the host has a mail server.' },
  }),
  MadeNotice: object(
    { notice: ref('Notice'), secret: text('Of a webhook, for checking signatures; shown this once.') },
    'secret',
  ),
  Delivery: object(
    {
      id: text('By which its receiver knows it, too.'),
      notice: text('Absent for a message to a contact.'),
      channel: oneOf(channels),
      to: text('E-mail address, or the origin of a webhook.'),
      kind: oneOf([...noticeKinds, ...contactKinds, 'test']),
      state: oneOf(deliveryStates),
      attempts: whole(),
      createdAt: time(),
      attemptedAt: time(),
      nextAt: time('When it is tried.'),
      endedAt: time(),
      failure: object({ code: text(), message: text() }),
    },
    'notice',
    'attemptedAt',
    'nextAt',
    'endedAt',
    'failure',
  ),
  DeliveryPage: page('Delivery'),
};
