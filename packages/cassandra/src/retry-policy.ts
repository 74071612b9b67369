import { policies } from 'cassandra-driver';

const { RetryPolicy } = policies.retry;
type OperationInfo = policies.retry.OperationInfo;
type DecisionInfo = policies.retry.DecisionInfo;

/** What may be sent twice is sent once more, to another node if there is one; nothing else is sent again. */
export const createRetryPolicy = () => new OnceMore();

class OnceMore extends RetryPolicy {
  override onUnavailable(info: OperationInfo): DecisionInfo {
    return this.#once(info);
  }

  override onReadTimeout(info: OperationInfo): DecisionInfo {
    return this.#once(info);
  }

  override onWriteTimeout(info: OperationInfo): DecisionInfo {
    return this.#once(info);
  }

  override onRequestError(info: OperationInfo): DecisionInfo {
    return this.#once(info);
  }

  #once(info: OperationInfo): DecisionInfo {
    const isWorthIt = info.nbRetry === 0 && info.executionOptions.isIdempotent();
    return isWorthIt ? this.retryResult(undefined as never, false) : this.rethrowResult();
  }
}
