import type { RequestOptions } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import type { Endpoint } from './transport.ts';

/** A token on disk is replaced every hour, long before it expires; one by a command is cached by the library. */
const HEADERS_KEPT_MS = 10_000;

/**
 * How to reach the cluster that a kubeconfig names, or the one around this pod.
 *
 * @param file a kubeconfig; without it `KUBECONFIG`, then `~/.kube/config`, then the pod's service account
 * @throws Error where none of them names a cluster
 */
export async function readEndpoint(file?: string): Promise<Endpoint> {
  const config = new KubeConfig();
  if (file === undefined) config.loadFromDefault();
  else config.loadFromFile(file);
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new Error('the kubeconfig names no cluster: set its current-context');

  const readOptions = async (): Promise<RequestOptions> => {
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    return options;
  };
  const first = await readOptions();
  let headers = headersOf(first);
  let readAt = performance.now();
  return {
    server: cluster.server,
    tls: {
      ...(first.ca === undefined ? {} : { ca: first.ca as Buffer }),
      ...(first.cert === undefined ? {} : { cert: first.cert as Buffer }),
      ...(first.key === undefined ? {} : { key: first.key as Buffer }),
      ...(first.rejectUnauthorized === undefined ? {} : { rejectUnauthorized: first.rejectUnauthorized }),
    },
    authorize: async () => {
      if (performance.now() - readAt > HEADERS_KEPT_MS) {
        headers = headersOf(await readOptions());
        readAt = performance.now();
      }
      return headers;
    },
  };
}

function headersOf({ headers, auth }: RequestOptions): Record<string, string> {
  const given = Object.entries((headers ?? {}) as Record<string, string>);
  const basic =
    auth === undefined || auth === null ? [] : [['Authorization', `Basic ${Buffer.from(auth).toString('base64')}`]];
  return Object.fromEntries([...given, ...basic]) as Record<string, string>;
}
