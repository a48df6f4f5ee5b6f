/** A name that is broken after a separator only. */
export function Name({ text }: { text: string }) {
  return (
    <bdi class={text.length > 20 ? "name" : "name short"}>
      {text.split(/(?<=[._-])/).map((part, at) => (
        <span key={`${part} ${at}`}>
          {part}
          <wbr />
        </span>
      ))}
    </bdi>
  );
}
