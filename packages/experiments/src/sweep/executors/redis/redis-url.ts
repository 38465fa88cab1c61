/** Where a Redis is, and how to get in. */
export interface RedisPlace {
  /** `redis.lab:6379`: without user and password, for messages. */
  readonly title: string;
  /** For ioredis. */
  readonly connection: {
    readonly host: string;
    readonly port: number;
    readonly username?: string;
    readonly password?: string;
    readonly tls?: object;
  };
}

/**
 * Reads `redis://[USER:PASSWORD@]HOST[:PORT]`, rediss:// for TLS. REDIS_USERNAME and REDIS_PASSWORD
 * in the environment take the place of what the URL lacks.
 * @throws one line, without the password, on what is no such URL
 */
export function redisPlace(url: string): RedisPlace {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed?.hostname || !/^rediss?:$/.test(parsed.protocol))
    throw new Error('--on: expected redis://HOST:PORT, got another kind of URL');
  const port = Number(parsed.port || 6379);
  const username = decodeURIComponent(parsed.username) || process.env['REDIS_USERNAME'];
  const password = decodeURIComponent(parsed.password) || process.env['REDIS_PASSWORD'];
  return {
    title: `${parsed.hostname}:${port}`,
    connection: {
      host: parsed.hostname,
      port,
      ...(username ? { username } : {}),
      ...(password ? { password } : {}),
      ...(parsed.protocol === 'rediss:' ? { tls: {} } : {}),
    },
  };
}
