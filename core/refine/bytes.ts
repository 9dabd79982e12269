import { badFile } from '../formats/format.ts';

/** A cursor over little-endian binary that refuses to run past the end, and counts that the file cannot hold. */
export class Bytes {
  private readonly view: DataView;
  private readonly name: string;
  private at = 0;
  constructor(bytes: Uint8Array, name: string) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.name = name;
  }
  private take(size: number): number {
    const at = this.at;
    if (at + size > this.view.byteLength) throw badFile(this.name, 'the file is cut off');
    this.at += size;
    return at;
  }
  skip(size: number): void {
    this.take(size);
  }
  u8(): number {
    return this.view.getUint8(this.take(1));
  }
  u32(): number {
    return this.view.getUint32(this.take(4), true);
  }
  i64(): number {
    return Number(this.view.getBigInt64(this.take(8), true));
  }
  u64(): number {
    return Number(this.view.getBigUint64(this.take(8), true));
  }
  f64(): number {
    return this.view.getFloat64(this.take(8), true);
  }
  /** A count of things of at least `size` bytes each, refused before anything is made when the rest of the file is too short for it. */
  count(size: number): number {
    const count = this.u64();
    if (count * size > this.view.byteLength - this.at) {
      throw badFile(this.name, `claims ${count} entries that it does not hold`);
    }
    return count;
  }
  /** Up to a zero byte. */
  text(): string {
    const start = this.at;
    while (this.u8() !== 0) {}
    const { buffer, byteOffset } = this.view;
    return new TextDecoder().decode(
      new Uint8Array(buffer, byteOffset + start, this.at - 1 - start),
    );
  }
}
