import { LogUnavailableError, UnknownTopicError } from '../errors.ts';

/** What kafkajs puts on its errors. */
interface KafkaError extends Error {
  readonly type?: string;
  readonly retriable?: boolean;
}

/** The error and what caused it, from the outside in. */
export function causesOf(error: unknown): readonly KafkaError[] {
  const causes: KafkaError[] = [];
  for (let cause = error; cause instanceof Error && !causes.includes(cause); cause = cause.cause)
    causes.push(cause);
  return causes;
}

/** Whether a broker answered with one of these errors. */
export const isAnswered = (error: unknown, types: readonly string[]): boolean =>
  causesOf(error).some(({ type }) => type !== undefined && types.includes(type));

export const isUnknownTopic = (error: unknown) =>
  isAnswered(error, ['UNKNOWN_TOPIC_OR_PARTITION', 'INVALID_TOPIC_EXCEPTION']);

/** The error in the words of the port. */
export function toLogError(error: unknown, what: string, topic?: string): Error {
  if (error instanceof LogUnavailableError || error instanceof UnknownTopicError) return error;
  if (topic !== undefined && isUnknownTopic(error)) return new UnknownTopicError(topic);
  return new LogUnavailableError(`Kafka did not ${what}: ${reasonOf(error)}`, error);
}

/** The innermost message: what wraps it says only that tries were made. */
export const reasonOf = (error: unknown): string => causesOf(error).at(-1)?.message ?? String(error);

/**
 * Whether trying again cannot help, as long as nobody changes the configuration, the rights or the program: a compression that
 * kafkajs lacks, wrong credentials.
 */
export const isFinal = (error: unknown): boolean =>
  isAnswered(error, finalAnswers) || causesOf(error).some(({ name }) => finalNames.includes(name));

/** Whether it is an error of the kind that passes: connections, elections, rebalances. */
export const isPassing = (error: unknown): boolean =>
  causesOf(error).some(({ retriable }) => retriable === true) || isAnswered(error, passingAnswers);

const finalNames = [
  'KafkaJSNotImplemented',
  'KafkaJSSASLAuthenticationError',
  'KafkaJSUnsupportedMagicByteInMessageSet',
];
const finalAnswers = [
  'SASL_AUTHENTICATION_FAILED',
  'UNSUPPORTED_SASL_MECHANISM',
  'GROUP_AUTHORIZATION_FAILED',
  'TOPIC_AUTHORIZATION_FAILED',
  'INCONSISTENT_GROUP_PROTOCOL',
  'INVALID_GROUP_ID',
  'INVALID_SESSION_TIMEOUT',
  'UNSUPPORTED_VERSION',
  'UNSUPPORTED_COMPRESSION_TYPE',
];
const passingAnswers = [
  'ILLEGAL_GENERATION',
  'UNKNOWN_MEMBER_ID',
  'REBALANCE_IN_PROGRESS',
  'BROKER_NOT_AVAILABLE',
];
