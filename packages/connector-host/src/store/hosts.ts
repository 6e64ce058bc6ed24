/**
 * Several servers in one URL, of which one takes writes: `postgresql://u:p@one,two:5433/db?target_session_attrs=read-write`. Every new
 * connection goes to the one that takes writes then, whoever opens it: the choice is made below the driver, which knows of one server.
 */
import net from 'node:net';
import pg from 'pg';
import { HostProblem } from '../problem.js';
import { closedBy, type Standing, standingQuery } from './session.js';

/** Where a server listens. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/** A URL as the driver takes it, and the servers that it names. */
export interface ReadUrl {
  /** With the first server alone. */
  readonly url: string;
  readonly places: readonly Place[];
}

const URL_OPTION = 'CONNECTOR_HOST_DATABASE_URL';

/** How long an answer about who takes writes is believed, in milliseconds: many connections may be opened at once. */
const BELIEVED = 5_000;

/** How long one server may take to say whether it takes writes, in milliseconds. */
const PATIENCE = 5_000;

/** What `target_session_attrs` may be: the host writes. */
const wanted = ['any', 'read-write', 'primary'];

/** The text before the servers of a URL, the servers, and what comes after them. */
function partsOf(url: string): readonly [before: string, hosts: string, after: string] {
  const start = url.indexOf('//') + 2;
  const end = start + (/[/?#]/.exec(url.slice(start))?.index ?? url.length - start);
  const at = start + url.slice(start, end).lastIndexOf('@') + 1;
  return [url.slice(0, at), url.slice(at, end), url.slice(end)];
}

/**
 * Reads the servers of a URL.
 * @throws HostProblem OPTION_INVALID for sessions that the host cannot work with, and where one of several servers is none.
 */
export function readHosts(given: string): ReadUrl {
  const [before, hosts, after] = partsOf(given);
  const attributes = /[?&]target_session_attrs=([^&#]*)/.exec(after)?.[1];
  if (attributes !== undefined && !wanted.includes(attributes)) {
    throw new HostProblem('OPTION_INVALID', `${URL_OPTION}: target_session_attrs=${attributes} is of no use here.`, {
      remedy: 'The host writes: say target_session_attrs=read-write.',
    });
  }
  if (!hosts.includes(',')) return { url: given, places: [] };
  const places = hosts.split(',').map(placeOf);
  const [first] = hosts.split(',');
  return { url: `${before}${first}${after}`, places };
}

function placeOf(text: string): Place {
  const [, inBrackets, plain, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = inBrackets ?? plain;
  if (host !== undefined) return { host, port: Number(port ?? 5432) };
  throw new HostProblem(
    'OPTION_INVALID',
    `${URL_OPTION}: one of its servers is not a name or address, with a port or without.`,
    {
      remedy: 'Write them as ONE:5432,TWO:5432.',
    },
  );
}

/**
 * How connections are opened to the one of several servers that takes writes.
 * @param connection with the URL of the first.
 */
export function steered<C extends pg.ClientConfig>(connection: C, places: readonly Place[]): C {
  if (places.length === 0) return connection;
  const steer = new Steer(connection, places);
  return { ...connection, stream: () => new SteeredSocket(steer) as never };
}

/** Knows who takes writes. */
class Steer {
  private chosen: { readonly place: Place; readonly at: number } | undefined;
  private choosing: Promise<Place> | undefined;

  constructor(
    private readonly connection: pg.ClientConfig,
    private readonly places: readonly Place[],
  ) {}

  place(): Promise<Place> {
    if (this.chosen !== undefined && performance.now() - this.chosen.at < BELIEVED) {
      return Promise.resolve(this.chosen.place);
    }
    this.choosing ??= this.choose().finally(() => {
      this.choosing = undefined;
    });
    return this.choosing;
  }

  /** What was believed is not so any more. */
  doubt(): void {
    this.chosen = undefined;
  }

  /** Asks one after the other. Where none takes writes, the last trouble is that of whoever connects; a standby is let tell it itself. */
  private async choose(): Promise<Place> {
    let trouble: unknown;
    let standby: Place | undefined;
    for (const place of this.places) {
      try {
        if (await this.takesWrites(place)) {
          this.chosen = { place, at: performance.now() };
          return place;
        }
        standby ??= place;
      } catch (error) {
        trouble = error;
      }
    }
    if (standby !== undefined) return standby;
    throw trouble;
  }

  private async takesWrites(place: Place): Promise<boolean> {
    const socket = new net.Socket();
    const client = new pg.Client({
      ...this.connection,
      application_name: 'connector-host looks for the primary',
      connectionTimeoutMillis: PATIENCE,
      query_timeout: PATIENCE,
      stream: () => directedTo(socket, place),
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rows } = await client.query<Standing>(standingQuery);
      return rows[0] !== undefined && closedBy(rows[0]) === undefined;
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

function directedTo(socket: net.Socket, { host, port }: Place): never {
  const connect = socket.connect.bind(socket) as (port: number, host: string) => net.Socket;
  socket.connect = (() => connect(port, host)) as typeof socket.connect;
  return socket as never;
}

/** Connects to whoever takes writes, whatever it is told. */
class SteeredSocket extends net.Socket {
  constructor(private readonly steer: Steer) {
    super();
    this.on('error', () => steer.doubt());
    this.on('close', () => steer.doubt());
  }

  override connect(): this {
    this.steer.place().then(
      ({ host, port }) => this.destroyed || super.connect(port, host),
      (error: Error) => this.destroy(error),
    );
    return this;
  }
}
