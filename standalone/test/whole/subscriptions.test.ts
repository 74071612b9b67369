import { subscriptionsSuite } from './subscriptions-suite.ts';

subscriptionsSuite('subscriptions');
