import { writeRefreshToken } from '../../api/src/auth/refresh-token.ts';
import { deriveKeys } from '../../api/src/auth/keys.ts';
import { REFRESH_COOKIE } from '../../packages/contracts/src/auth-api.ts';
import type { Figure } from '../figure.ts';
import type { BenchDatabase } from './database.ts';
import { SECRET_KEY, runLoad } from './load.ts';
import type { BenchApi } from './servers.ts';

const CONNECTIONS = 32;
const REFRESHES_PER_SESSION = 2000;
const PER_SECOND_MIN = 1000;

/** Sessions that go on and on: each connection gives the token that follows from the one before. */
export async function measureRefresh(ours: BenchApi, database: BenchDatabase): Promise<Figure[]> {
  const sessions = database.workspaces.slice(-CONNECTIONS).map(({ sessionId }) => sessionId);
  const rows = await database.query<{ id: string; userId: string; counter: string }>(
    'select id, user_id as "userId", counter from sessions where id = any($1)',
    [sessions],
  );
  const key = deriveKeys(SECRET_KEY).refreshToken;
  const connections = rows.map(({ id, userId, counter }) =>
    Array.from({ length: REFRESHES_PER_SESSION }, (_, step) => {
      const token = writeRefreshToken(key, { sessionId: id, userId, counter: Number(counter) + step });
      return `POST /api/v1/auth/refresh HTTP/1.1\r\nhost: 127.0.0.1\r\ncookie: ${REFRESH_COOKIE}=${token}\r\ncontent-length: 0\r\n\r\n`;
    }),
  );
  const { perSecond, p95Ms } = await runLoad({
    port: ours.port,
    connections,
    isLooped: false,
    warmUpMs: 1000,
    measureMs: 8000,
  });
  return [
    {
      what: `refresh, ${String(CONNECTIONS)} sessions`,
      measured: `${perSecond.toFixed(0)}/s`,
      against: `p95 ${p95Ms.toFixed(1)} ms`,
      bar: `≥ ${PER_SECOND_MIN.toLocaleString('en')}/s`,
      isReached: perSecond >= PER_SECOND_MIN,
    },
  ];
}
