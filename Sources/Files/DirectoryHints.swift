import Glibc

/// What a file system may be told of a new folder.
enum DirectoryHints {
  /// Marks an empty folder as the top of a hierarchy (`chattr +T`), so that what is made in it gets a region of the disk
  /// of its own.
  ///
  /// An ext4 without a journal, as most small virtual machines have, never gives away the numbers of files removed in the
  /// last minute, and looks at all of them in a region for each file made there: a project whose target folder is removed
  /// and written again would compile five times slower. Other file systems know no such mark, and nothing is lost.
  static func spread(_ path: String) {
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return }
    defer { close(folder) }
    var flags: Int32 = 0
    guard ioctl(folder, getFlags, &flags) == 0 else { return }
    flags |= topOfHierarchy
    _ = ioctl(folder, setFlags, &flags)
  }

  /// `FS_IOC_GETFLAGS`, `FS_IOC_SETFLAGS` and `FS_TOPDIR_FL` of linux/fs.h, which are macros that Swift does not import.
  private static let getFlags: UInt = 0x8008_6601
  private static let setFlags: UInt = 0x4008_6602
  private static let topOfHierarchy: Int32 = 0x0002_0000
}
