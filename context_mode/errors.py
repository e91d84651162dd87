"""What can go wrong, split by whose fault it is. Each message says what to do.

ContextModeError
├── UserError                 the request cannot be met as it stands
│   ├── SettingsError         an unknown or ill-typed setting
│   ├── HandleError           no such handle, several of them, or one that was evicted
│   ├── RangeError            lines that are not in the output, or not a range
│   └── PathError             outside the workspace, not a regular text file, too large
└── MachineError              what the program stands on failed
    ├── StoreError            the store cannot be opened, written or read
    ├── NoEngineError         no sandbox to run commands in
    └── SandboxLostError      the sandbox vanished while a command ran
"""

from __future__ import annotations


class ContextModeError(Exception):
    pass


class UserError(ContextModeError):
    pass


class SettingsError(UserError):
    pass


class HandleError(UserError):
    pass


class RangeError(UserError):
    pass


class PathError(UserError):
    pass


class MachineError(ContextModeError):
    pass


class StoreError(MachineError):
    pass


class NoEngineError(MachineError):
    pass


class SandboxLostError(MachineError):
    pass
