import { afterEach, expect, test, vi } from 'vitest';
import { redisPlace, withoutSecrets } from './redis-url.ts';

afterEach(() => vi.unstubAllEnvs());

test('a place is named without user and password, which the environment may give', () => {
  expect(redisPlace('redis://me:it%40@there:7000/2')).toEqual({
    title: 'there:7000/2',
    connection: { host: 'there', port: 7000, db: 2, username: 'me', password: 'it@' },
  });
  vi.stubEnv('REDIS_PASSWORD', 'hidden');
  expect(redisPlace('rediss://[::1]')).toEqual({
    title: '[::1]:6379',
    connection: { host: '::1', port: 6379, db: 0, password: 'hidden', tls: {} },
  });
  expect(redisPlace('redis://:given@there').connection.password).toBe('given');
});

test('what is no URL of a Redis is refused without its secrets', () => {
  for (const url of ['http://me:it@there', 'redis://', 'there:6379'])
    expect(() => redisPlace(url)).toThrow(
      /^--on: expected redis:\/\/HOST\[:PORT\]\[\/DATABASE\], got another kind of URL$/,
    );
  expect(() => redisPlace('redis://me:it@there/queue')).toThrow(/, got more after there$/);
  expect(withoutSecrets('redi://me:it@there:1')).toBe('redi://...@there:1');
  expect(withoutSecrets('me:i@t@there')).toBe('...@there');
  expect(withoutSecrets('moon')).toBe('moon');
});
