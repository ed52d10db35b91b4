"""One cook, two dishes: a step of this one, a step of that one."""


def cook(dish):
    for step in "wash", "cut", "fry":
        print(step, "the", dish)
        yield  # stop here, and go on from here later


if __name__ == "__main__":
    for _ in zip(cook("carrots"), cook("beef")):
        pass
