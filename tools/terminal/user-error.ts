/** An error whose message is a sentence for the person at the terminal: shown as it is, without a stack. */
export class UserError extends Error {
  override readonly name = 'UserError';
}
