import { createAnew, ifPresent, refuse } from "../../../local/aws/faults";

function fault(name: string): Error {
  return Object.assign(new Error(name), { name });
}

test("what does not exist is undefined; any other fault stays one", async () => {
  // Act
  const absent = await ifPresent(Promise.reject(fault("ResourceNotFoundException")));
  const denied = ifPresent(Promise.reject(fault("AccessDeniedException")));

  // Assess
  expect(absent).toBeUndefined();
  expect(await ifPresent(Promise.resolve(1))).toBe(1);
  await expect(denied).rejects.toThrow("AccessDeniedException");
});

test("what has the name already is removed, once", async () => {
  // Prepare
  const steps: string[] = [];
  const create = async () => {
    steps.push("create");
    if (steps.length === 1) throw fault("ConflictException");
    return "made";
  };

  // Act
  const made = await createAnew(create, async () => steps.push("remove"));

  // Assess
  expect(made).toBe("made");
  expect(steps).toEqual(["create", "remove", "create"]);
});

test("a creation that fails otherwise removes nothing", async () => {
  // Prepare
  const remove = jest.fn();

  // Act
  const creation = createAnew(() => Promise.reject(fault("ValidationException")), remove);

  // Assess
  await expect(creation).rejects.toThrow("ValidationException");
  expect(remove).not.toHaveBeenCalled();
});

test("an input that cannot be honoured is refused by name", () => {
  // Prepare
  const inputs: { body?: string; name?: string } = { body: "{}", name: "api" };

  // Assess
  expect(() => refuse("aws:x/y:Z", inputs, ["body"], "Write routes.")).toThrow(
    'aws:x/y:Z: the local cloud has no "body". Write routes.',
  );
  expect(() => refuse("aws:x/y:Z", { name: "api" }, [], "")).not.toThrow();
});
