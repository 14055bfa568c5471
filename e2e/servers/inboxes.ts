import { chown, mkdir, readdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";

/** The user and group that Dovecot's configuration here delivers and reads mail as: `nobody` and `nogroup`. */
const OWNER = 65_534;

export type Inboxes = {
  /** Puts a message there byte for byte, as no server that takes mail would. */
  put(user: string, message: Buffer | string): Promise<void>;
  /** The names of the files, which hold the flags: `…:2,S` was read. */
  files(user: string): Promise<string[]>;
};

/** The mailboxes of `startMailServers` as the folders that they are (Maildir). */
export function openInboxes(dir: string): Inboxes {
  const maildir = (user: string) => path.join(dir, "home", user, "Maildir");
  const made = new Map<string, Promise<void>>();
  let count = 0;
  return {
    async put(user, message) {
      const folder = maildir(user);
      if (!made.has(user)) made.set(user, make(folder));
      await made.get(user);
      count += 1;
      const name = `${Math.floor(Date.now() / 1_000)}.P${process.pid}Q${count}.test`;
      const file = path.join(folder, "tmp", name);
      await writeFile(file, message);
      await chown(file, OWNER, OWNER);
      await rename(file, path.join(folder, "new", name));
    },
    async files(user) {
      const folders = ["new", "cur"].map((each) => path.join(maildir(user), each));
      const names = await Promise.all(folders.map((folder) => readdir(folder)));
      return names.flat();
    },
  };
}

async function make(folder: string): Promise<void> {
  for (const each of [path.dirname(folder), folder, ...["new", "cur", "tmp"]]) {
    const whole = path.resolve(folder, each);
    await mkdir(whole, { recursive: true });
    await chown(whole, OWNER, OWNER);
  }
}
