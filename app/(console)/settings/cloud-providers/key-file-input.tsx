"use client";

import { FileInput, Textarea } from "@mantine/core";
import { useState } from "react";
import { KEY_FILE_MAX } from "@/lib/registrations/service-account-key/schema";

type KeyFileInputProps = {
  text: string;
  error: string | undefined;
  onText: (text: string) => void;
  onTooLarge: () => void;
};

/** A key file, chosen or pasted. What a chosen one says is not shown. */
export function KeyFileInput({ text, error, onText, onTooLarge }: KeyFileInputProps) {
  const [chosen, setChosen] = useState<File | null>(null);
  const choose = async (file: File | null) => {
    setChosen(file);
    // A file that is too large is not even read.
    const isTooLarge = (file?.size ?? 0) > KEY_FILE_MAX;
    onText(file && !isTooLarge ? await file.text() : "");
    if (isTooLarge) onTooLarge();
  };
  return (
    <>
      <FileInput
        label="Key file of the service account"
        description="The JSON file that Google gave you when you created the key. It is stored encrypted and never shown again."
        placeholder="Choose a file"
        accept=".json,application/json"
        withAsterisk
        clearable
        clearButtonProps={{ "aria-label": "Remove the file" }}
        value={chosen}
        onChange={choose}
        error={error}
      />
      {chosen === null && (
        <Textarea
          label="Or paste its contents"
          placeholder={'{ "type": "service_account", … }'}
          rows={3}
          autoComplete="off"
          spellCheck={false}
          value={text}
          onChange={(event) => onText(event.currentTarget.value)}
        />
      )}
    </>
  );
}
