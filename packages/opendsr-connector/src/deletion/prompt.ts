import { type ConnectorContext, ConnectorFault } from 'connector-contract';
import { SENDING_WINDOW_MS } from './reconcile.js';

/**
 * A context under which no call leaves later than {@link SENDING_WINDOW_MS} after now, however long the pacing takes. Without that
 * end, `reconcile` could never be sure that a lost call will not arrive any more.
 */
export function prompt(ctx: ConnectorContext): ConnectorContext {
  const latest = ctx.clock.now() + SENDING_WINDOW_MS;
  const pace = async (limit: string): Promise<void> => {
    await ctx.pace(limit);
    if (ctx.clock.now() > latest) {
      throw ConnectorFault.of('RATE_LIMITED', 'The submission waited too long for its turn and was not sent.', {
        retryAfterMs: 1_000,
      });
    }
  };
  // Field by field: a host's context may be an object whose members are not its own.
  const { config, facts, capabilities, allowedOrigins, signal, log, clock } = ctx;
  return { config, facts, capabilities, allowedOrigins, signal, log, clock, pace };
}
