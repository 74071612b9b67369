/** Tells the time; tests turn it. */
export type Clock = () => Date;
