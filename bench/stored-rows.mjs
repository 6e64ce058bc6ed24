/** What a user would do with the rows instead of the host, in the same database: COPY, single INSERTs, and one UPDATE a change of state. */
import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { seconds } from './spread.mjs';

/** The row id of the last request that is stored. */
export async function lastRequest(db) {
  return (await db.query('select coalesce(max(id), 0)::float8 as id from connector_host.requests')).rows[0].id;
}

/** Writes the rows that the host stored after a request, as binary COPY data, to two files. */
export async function saveRows(db, place, after) {
  for (const [table, column] of Object.entries({ requests: 'id', tasks: 'request' })) {
    const rows = `select * from connector_host.${table} where ${column} > ${after} order by ${column}`;
    await pipeline(db.query(copyTo(`copy (${rows}) to stdout (format binary)`)), createWriteStream(join(place, table)));
  }
}

/** Makes empty tables like the host's: with all its indexes, or bare. */
export async function emptyPeers(db, { indexes = true } = {}) {
  await db.query('drop schema if exists peer cascade; create schema peer');
  const like = indexes ? 'including all' : 'including storage';
  for (const table of ['requests', 'tasks']) {
    await db.query(`create table peer.${table} (like connector_host.${table} ${like})`);
  }
  await db.query('checkpoint');
}

/** COPY of the saved rows into the empty tables, in one transaction. Seconds until they are durable. */
export function copyRows(db, place) {
  return seconds(async () => {
    await db.query('begin');
    for (const table of ['requests', 'tasks']) {
      await pipeline(
        createReadStream(join(place, table), { highWaterMark: 256 * 1024 }),
        db.query(copyFrom(`copy peer.${table} from stdin (format binary)`)),
      );
    }
    await db.query('commit');
  });
}

/** One INSERT a person with its task, each a transaction of its own. Seconds for `count` of them. */
export async function insertRows(db, count) {
  const { rows } = await db.query({
    text: `select r.*, t.connection, t.due_at from connector_host.requests r join connector_host.tasks t on t.request = r.id limit ${count}`,
  });
  return seconds(async () => {
    for (const row of rows) {
      await db.query({
        name: 'one person',
        text: `with fresh as (insert into peer.requests (request_id, "right", state, digest, identifiers, fingerprints)
          values ($1, $2, $3, $4, $5, $6::bigint[]) returning id)
          insert into peer.tasks (request, connection, "right", state, due_at) select id, $7, $2, 'pending', $8 from fresh`,
        values: [
          row.request_id,
          row.right,
          'processing',
          row.digest,
          row.identifiers,
          row.fingerprints,
          row.connection,
          row.due_at,
        ],
      });
    }
  });
}

/** The two changes of state that everybody goes through, each as one UPDATE of everybody. Seconds for both. */
export function updateRows(db) {
  return seconds(async () => {
    await db.query(`update peer.tasks set state = 'processing', operation = 1, expected_by = now()`);
    await db.query(`with done as (update peer.tasks set state = 'complete', concluded_at = now() returning request)
      update peer.requests set state = 'complete', concluded_at = now() where id in (select request from done)`);
  });
}
