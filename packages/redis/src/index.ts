export { connectRedis, type RedisOptions } from './connect-redis.ts';
