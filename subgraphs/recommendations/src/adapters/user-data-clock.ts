/** What time it is. Processes may disagree by minutes. */
export type Now = () => Date;
