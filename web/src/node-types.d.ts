/**
 * The contracts name two types of Node for bodies that are bytes. The app never touches such a body, so that empty
 * stand-ins keep Node's globals (`process`, its `setTimeout`) out of browser code.
 */
declare namespace NodeJS {
  interface ReadableStream {
    readonly readable: boolean;
  }
}
interface Buffer {
  readonly byteLength: number;
}
