/** Where a Redis is, and how to get in. */
export interface RedisPlace {
  /** `redis.lab:6379` or `redis.lab:6379/2`: without user and password, for messages. */
  readonly title: string;
  /** For ioredis. */
  readonly connection: {
    readonly host: string;
    readonly port: number;
    readonly db: number;
    readonly username?: string;
    readonly password?: string;
    readonly tls?: object;
  };
}

const wanted = '--on: expected redis://HOST[:PORT][/DATABASE]';

/**
 * Reads `redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE]`, rediss:// for TLS. REDIS_USERNAME and
 * REDIS_PASSWORD in the environment take the place of what the URL lacks.
 * @throws one line, without the password, on what is no such URL
 */
export function redisPlace(url: string): RedisPlace {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed?.hostname || !/^rediss?:$/.test(parsed.protocol))
    throw new Error(`${wanted}, got another kind of URL`);
  const path = /^\/?(\d*)$/.exec(parsed.pathname);
  if (!path || parsed.search || parsed.hash)
    throw new Error(`${wanted}, got more after ${parsed.host}`);
  const port = Number(parsed.port || 6379);
  const db = Number(path[1] ?? 0);
  const username = decodeURIComponent(parsed.username) || process.env['REDIS_USERNAME'];
  const password = decodeURIComponent(parsed.password) || process.env['REDIS_PASSWORD'];
  return {
    title: `${parsed.hostname}:${port}${db === 0 ? '' : `/${db}`}`,
    connection: {
      host: parsed.hostname.replace(/^\[|\]$/g, ''), // of IPv6
      port,
      db,
      ...(username ? { username } : {}),
      ...(password ? { password } : {}),
      ...(parsed.protocol === 'rediss:' ? { tls: {} } : {}),
    },
  };
}

/** A text that may be a URL, without the user and password in it. */
export function withoutSecrets(text: string): string {
  return text.replace(/^((?:[a-z]+:)?\/\/)?[^/]*@/i, '$1...@');
}

/** Has `ps` show another title than a command line with a password in it. */
export function hideSecrets(url: string, title: string): void {
  if (withoutSecrets(url) !== url) process.title = title;
}

/** Whether Redis says that it lets nobody in by this name and password: trying again is no use. */
export const isRefusal = (message: string) =>
  /^(WRONGPASS|NOAUTH|NOPERM|ERR (AUTH|invalid password))/.test(message);
