import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFreePort } from './find-free-port.ts';
import { executable, runNginx } from './nginx-process.ts';

const moduleFolders = ['/usr/lib/nginx/modules', '/usr/lib64/nginx/modules', '/etc/nginx/modules'];
const modules = moduleFolders.find((folder) => existsSync(join(folder, 'ngx_http_js_module.so')));
const templates = fileURLToPath(new URL('../../../edge/nginx/', import.meta.url));

export interface TestNginxSettings {
  /** `edge`, the default, asks for signed URLs; `shield` for the secret of the origin. */
  readonly role?: 'edge' | 'shield';
  /** As in URL_SIGNING_KEYS; a shield needs none. */
  readonly signingKeys?: string;
  /** Of the origin, or of a shield in front of it. */
  readonly originUrl: string;
  readonly originSecret: string;
  /** Origins of pages whose scripts may read answers. */
  readonly allowedOrigins?: readonly string[];
  /** For a whole slice of the origin's, to its last byte. Default 10,000. */
  readonly originTimeoutMs?: number;
  /** On disk, for audio; images have as much again. Default 1 GB. nginx keeps to it to within some seconds. */
  readonly cacheBytes?: number;
  /** What stays free on the disk of the cache. Default 1 MB. */
  readonly freeBytes?: number;
  /** Default 2. */
  readonly workers?: number;
}

/** An nginx of one test's own. */
export interface TestNginx {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** One line of JSON for each request; edge/nginx/access-log.md says what is in it. */
  readonly accessLog: string;
  /** What it wrote as errors so far: at its start, and of its workers. */
  readonly errors: () => string;
  /** Reads the changed configuration; what is under way ends by the old one. */
  reload(changes: Partial<TestNginxSettings>): Promise<void>;
  /** Goes on in a new file at `accessLog`, after the old one was renamed. */
  reopenLog(): void;
  /** It is gone at once, as by `kill -9` of all of it; what it has cached stays. */
  kill(): Promise<void>;
  /** After `kill`: the same one, with what it had. */
  start(): Promise<void>;
  /** Ends it and removes what it has written. */
  stop(): Promise<void>;
}

/** Whether there is an nginx with njs to test with; says what is skipped when not. Use it with `describe.skipIf(!…)`. */
export function hasNginx(what: string): boolean {
  const lacking = !existsSync(executable) ? executable : modules ? undefined : 'ngx_http_js_module.so';
  if (lacking)
    console.warn(`skipped: ${what}, because there is no ${lacking} (NGINX_PATH names another nginx)`);
  return lacking === undefined;
}

/**
 * Starts the edge of edge/nginx, or its shield, on a free port of the loopback, with a cache of its own in a temporary folder.
 * @returns null, having said so, when this machine has no nginx with njs
 */
export async function startTestNginx(settings: TestNginxSettings): Promise<TestNginx | null> {
  if (!modules || !hasNginx('what needs nginx')) return null;
  let current = settings;
  const port = await findFreePort();
  const nginx = await runNginx({
    config: `${settings.role ?? 'edge'}.conf`,
    port,
    workers: settings.workers ?? 2,
    render: (folder) => renderTemplates(current, folder, port),
  });
  return {
    ...nginx,
    async reload(changes) {
      current = { ...current, ...changes };
      await nginx.reload();
    },
  };
}

/**
 * Starts an nginx with that configuration alone, such as one without any of ours to measure beside it.
 * @param http the content of `http { … }`, given the port to listen on; relative paths lie in its own folder
 */
export async function startBareNginx({
  http,
  workers = 2,
}: {
  http: (port: number) => string;
  workers?: number;
}) {
  if (!hasNginx('what needs nginx')) return null;
  const port = await findFreePort();
  const config = `worker_processes ${workers}; pid run/nginx.pid; error_log stderr notice;
events { worker_connections 4096; }
http {
client_body_temp_path run/body; proxy_temp_path run/proxy;
fastcgi_temp_path run/fastcgi; uwsgi_temp_path run/uwsgi; scgi_temp_path run/scgi;
${http(port)}
}`;
  return runNginx({
    config: 'bare.conf',
    port,
    workers,
    render: async () => new Map([['bare.conf', config]]),
  });
}

/** As `envsubst` of nginx's official image does it: `${NAME}` of the variables that there are, everything else stays. */
async function renderTemplates(
  settings: TestNginxSettings,
  folder: string,
  port: number,
): Promise<ReadonlyMap<string, string>> {
  const variables: Readonly<Record<string, string | number>> = {
    HOST: '127.0.0.1',
    PORT: port,
    NGINX_PREFIX: folder,
    NGINX_FILES: templates,
    NGINX_MODULES: modules ?? '',
    NGINX_WORKERS: settings.workers ?? 2,
    URL_SIGNING_KEYS: settings.signingKeys ?? '',
    ORIGIN_ADDRESS: new URL(settings.originUrl).host,
    ORIGIN_SECRET: settings.originSecret,
    ORIGIN_TIMEOUT_MS: settings.originTimeoutMs ?? 10_000,
    CORS_ORIGINS: (settings.allowedOrigins ?? []).join(','),
    EDGE_CACHE_BYTES: settings.cacheBytes ?? 1_000_000_000,
    EDGE_IMAGE_CACHE_BYTES: settings.cacheBytes ?? 1_000_000_000,
    EDGE_FREE_BYTES: settings.freeBytes ?? 1_000_000,
  };
  const names = (await readdir(templates)).filter((name) => name.endsWith('.template'));
  const rendered = await Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(templates, name), 'utf8');
      const replaced = text.replace(/\$\{([A-Z_]+)\}/g, (whole, variable) =>
        String(variables[variable] ?? whole),
      );
      return [name.replace(/\.template$/, ''), replaced] as const;
    }),
  );
  return new Map(rendered);
}
