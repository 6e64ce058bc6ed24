/**
 * The host's HTTP API.
 *
 *     const app = await buildApi(parts);
 *     await app.listen({ host: '127.0.0.1', port: 4600 });
 */
import { randomUUID } from 'node:crypto';
import rateLimit from '@fastify/rate-limit';
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import helmet from 'helmet';
import { ANSWER_PATH } from '../contacts/links.js';
import { HostProblem } from '../problem.js';
import { anywhere, withoutPrefix } from '../public-url.js';
import { demandArrival } from './arrival.js';
import { authenticate, tooMany } from './authenticate.js';
import { callerOf } from './caller.js';
import { readSessions } from './console-session.js';
import { hostAllowed } from './hosts.js';
import { demandKnownConnections } from './known-connections.js';
import { describeApi } from './openapi.js';
import { originAllowed } from './origins.js';
import type { ApiParts } from './parts.js';
import { answerProblems } from './problems.js';
import { answerRoutes } from './routes/answer.js';
import { auditRoutes } from './routes/audit.js';
import { connectionRoutes } from './routes/connections.js';
import { connectorRoutes } from './routes/connectors.js';
import { consoleRoutes } from './routes/console.js';
import { endRoutes } from './routes/ends.js';
import { eventRoutes } from './routes/events.js';
import { fileRoutes } from './routes/files.js';
import { healthRoutes } from './routes/health.js';
import { importRoutes } from './routes/import.js';
import { metricsRoutes } from './routes/metrics.js';
import { noticeRoutes } from './routes/notices.js';
import { operationRoutes } from './routes/operations.js';
import { overviewRoutes } from './routes/overview.js';
import { receiptRoutes } from './routes/receipts.js';
import { requestRoutes } from './routes/requests.js';
import { sessionRoutes } from './routes/session.js';
import { settingsRoutes } from './routes/settings.js';
import { systemRoutes } from './routes/systems.js';
import { tokenRoutes } from './routes/tokens.js';
import { upkeepRoutes } from './routes/upkeep.js';
import { workRoutes } from './routes/work.js';
import { limitStrangers } from './strangers.js';
import { answerUnread, answerUnrouted } from './unread-calls.js';
import { validateInput } from './validation.js';

/** Largest JSON body in bytes. Imports are streamed and have no limit. */
const LARGEST_BODY = 1024 * 1024;

/** SHA-256 of nothing: the console's component library makes empty style elements and fills them by script, which this lets it do. */
const EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";

/** What a console served from here may load: nothing from elsewhere, no script and no style written into a page. */
const contentPolicy = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'self'"],
    styleSrc: ["'self'", EMPTY_STYLE],
    // Icons of connectors stand in their manifests.
    imgSrc: ["'self'", 'data:'],
    objectSrc: ["'none'"],
    // The page says under which path it stands.
    baseUri: ["'self'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
};

/** Makes the server with all its routes; it does not listen yet. */
export async function buildApi(parts: ApiParts): Promise<FastifyInstance> {
  const { prefix } = parts.publicUrl ?? anywhere;
  const app = fastify({
    loggerInstance: parts.log as FastifyBaseLogger,
    // The framework would log whole URLs, and a search may hold a person's identifier.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    bodyLimit: LARGEST_BODY,
    connectionTimeout: parts.silenceMs,
    // A machine that is busy starts slowly, and not wrongly.
    pluginTimeout: 0,
    ...(parts.tls === undefined ? {} : { https: { ...parts.tls, minVersion: 'TLSv1.2' } as unknown as null }),
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 4096 },
    rewriteUrl: ({ url = '/' }) => withoutPrefix(url, prefix),
    frameworkErrors: answerUnrouted,
    clientErrorHandler: answerUnread,
  });
  validateInput(app);
  answerProblems(app);
  app.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id);
    // People's data is kept by no browser and no proxy.
    if (request.url.startsWith('/api/')) void reply.header('cache-control', 'no-store');
  });
  demandArrival(app, parts.arrivalMs);
  // Made once: its plugin for the framework would make it anew for each call.
  const protect = helmet({
    contentSecurityPolicy: contentPolicy,
    hsts: parts.tls === undefined ? false : { maxAge: 31_536_000, includeSubDomains: false },
    crossOriginEmbedderPolicy: false,
  });
  app.addHook('onRequest', ({ raw }, reply, done) => protect(raw, reply.raw, done as (error?: unknown) => void));
  app.addHook('onRequest', async (request) => {
    const { host, origin, 'sec-fetch-site': site } = request.headers;
    if (!hostAllowed(host, parts.hostNames)) {
      throw new HostProblem('HOST_NOT_ALLOWED', 'This host is not called by that name.', {
        remedy: 'Use its address, or start it with --allow-host NAME.',
      });
    }
    // A link from elsewhere may open the console's page; everything else is for pages of this host alone.
    const page = request.headers['sec-fetch-mode'] === 'navigate' && !request.url.startsWith('/api/');
    // A contact's link is the only thing that its page acts by: whoever has it, may; its own form is sent without an origin.
    if (request.routeOptions.url === `${ANSWER_PATH}:token`) return;
    if (page || (origin !== undefined && origin === parts.publicUrl?.origin && site !== 'cross-site')) return;
    if (originAllowed(origin, host, typeof site === 'string' ? site : undefined)) return;
    throw new HostProblem('ORIGIN_NOT_ALLOWED', 'A page of another site may not call this host.', {
      remedy: 'Call it from its own console, or from a program.',
    });
  });
  await app.register(rateLimit, {
    global: false,
    max: parts.callsPerMinute,
    timeWindow: 60_000,
    keyGenerator: ({ ip }) => callerOf(ip),
    errorResponseBuilder: (_request, { ttl }) => tooMany(Math.ceil(ttl / 1000)),
  });
  // Before tokens are looked at, and for calls that lead nowhere as well.
  const limited = app.rateLimit();
  app.addHook('onRequest', async function (request, reply) {
    if (request.routeOptions.config.rateLimit !== false) await limited.call(this, request, reply);
  });
  readSessions(app, parts.sessions);
  authenticate(app, parts.tokens, parts.clock);
  limitStrangers(app, parts.strangers);
  logCalls(app);
  await describeApi(app, prefix);
  await app.register(async (routes) => {
    demandKnownConnections(routes, parts.db);
    healthRoutes(routes, parts);
    metricsRoutes(routes, parts);
    connectorRoutes(routes, parts);
    connectionRoutes(routes, parts);
    requestRoutes(routes, parts);
    endRoutes(routes, parts);
    overviewRoutes(routes, parts);
    operationRoutes(routes, parts);
    settingsRoutes(routes, parts);
    systemRoutes(routes, parts);
    workRoutes(routes, parts);
    eventRoutes(routes, parts);
    receiptRoutes(routes, parts);
    sessionRoutes(routes, parts);
    tokenRoutes(routes, parts);
    noticeRoutes(routes, parts);
    auditRoutes(routes, parts);
    upkeepRoutes(routes, parts);
    await routes.register(async (scope) => importRoutes(scope, parts));
    await routes.register(async (scope) => fileRoutes(scope, parts));
    await routes.register(async (scope) => answerRoutes(scope, parts));
    await consoleRoutes(routes, parts);
  });
  await app.ready();
  return app;
}

/** One line a call: its route, never its URL, which can hold request ids and searches. */
function logCalls(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions, actor } = request;
    request.log.info(
      {
        method,
        route: routeOptions.url,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
        actor: actor?.id,
      },
      'A call was answered',
    );
  });
}
