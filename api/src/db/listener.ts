import pg from 'pg';
import type { Logger } from '@hortus/service/logger';

const RECONNECT_MS_MIN = 100;
const RECONNECT_MS_MAX = 5000;

/** Hears NOTIFY on one connection of its own. */
export interface Listener {
  /** Calls back for each notification, and with `null` after a lost connection: something may have been missed. */
  on(channel: string, heard: (payload: string | null) => void): void;
  isConnected(): boolean;
  close(): Promise<void>;
}

/** Connects at once and again, with growing pauses, for as long as it is open. */
export function startListener(options: { databaseUrl: string; channels: readonly string[]; logger: Logger }): Listener {
  const { databaseUrl, channels, logger } = options;
  const hearers = new Map<string, ((payload: string | null) => void)[]>();
  let client: pg.Client | null = null;
  let timer: NodeJS.Timeout | undefined;
  let pauseMs = RECONNECT_MS_MIN;
  let closed = false;

  function tell(channel: string, payload: string | null): void {
    for (const hear of hearers.get(channel) ?? []) hear(payload);
  }

  function reconnectLater(): void {
    client = null;
    if (closed) return;
    timer = setTimeout(() => {
      connecting = connect();
    }, pauseMs);
    pauseMs = Math.min(pauseMs * 2, RECONNECT_MS_MAX);
  }

  async function connect(): Promise<void> {
    const next = new pg.Client({
      connectionString: databaseUrl,
      application_name: 'hortus-api-listener',
      connectionTimeoutMillis: 5000,
      keepAlive: true,
    });
    let lost = false;
    const onLost = (error?: Error) => {
      if (lost) return;
      lost = true;
      if (!closed) logger.warn({ err: error }, 'the connection that hears notifications was lost');
      next.end().catch(() => undefined);
      reconnectLater();
    };
    next.on('error', onLost);
    next.on('end', () => {
      onLost();
    });
    next.on('notification', ({ channel, payload }) => {
      tell(channel, payload ?? '');
    });
    try {
      await next.connect();
      for (const channel of channels) await next.query(`listen ${pg.escapeIdentifier(channel)}`);
    } catch (error) {
      onLost(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    client = next;
    // Closed while it was connecting.
    if (closed) return;
    pauseMs = RECONNECT_MS_MIN;
    for (const channel of channels) tell(channel, null);
  }

  let connecting = connect();
  return {
    on(channel, heard) {
      hearers.set(channel, [...(hearers.get(channel) ?? []), heard]);
    },
    isConnected: () => client !== null,
    async close() {
      closed = true;
      clearTimeout(timer);
      await connecting;
      await client?.end();
    },
  };
}
