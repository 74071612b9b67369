/** Medley's mark: five bars of sound that make an M. */
export function Mark() {
  return <img className="mark" src={`${import.meta.env.BASE_URL}icon.svg`} alt="" width="26" height="26" />;
}
