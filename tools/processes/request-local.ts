import { Agent, request } from 'node:http';

export interface LocalAnswer {
  readonly status: number;
  readonly body: string;
}

/**
 * Asks a program on this machine. By an agent of its own, which knows no proxy: with `HTTP_PROXY` set, a question to
 * 127.0.0.1 must not go through the company's proxy.
 */
export function requestLocal(
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: string; timeoutMs: number },
): Promise<LocalAnswer> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', headers = {}, timeoutMs } = options;
    const signal = AbortSignal.timeout(timeoutMs);
    const ask = request(url, { method, headers, signal, agent: new Agent({ keepAlive: false }) }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (body += chunk));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body });
      });
      response.on('error', reject);
    });
    ask.on('error', reject);
    ask.end(options.body);
  });
}

/** Whether the program behind the admin port says that it can do its work. */
export async function isReady(host: string, adminPort: number): Promise<boolean> {
  const url = `http://${host}:${String(adminPort)}/readyz`;
  const answer = await requestLocal(url, { timeoutMs: READY_TIMEOUT_MS }).catch(() => undefined);
  return answer?.status === 200;
}

const READY_TIMEOUT_MS = 3_000;
