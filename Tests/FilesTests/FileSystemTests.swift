import Foundation
import Testing

@testable import Files

/// Real files in a temporary folder.
@Suite struct FileSystemTests {
  private let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "tenon-files-\(UUID().uuidString)"
    try FileSystem.makeDirectory(folder)
  }

  @Test func writingReplacesTheWholeFileAndLeavesNoOther() throws {
    defer { try? FileSystem.remove(folder) }
    let path = folder + "/new/deep/a.txt"
    try FileSystem.write(Array("longer than the second".utf8), to: path)
    try FileSystem.write(Array("second".utf8), to: path, mode: 0o600)
    #expect(String(decoding: try FileSystem.read(path), as: UTF8.self) == "second")
    #expect(try FileSystem.list(folder + "/new/deep").map(\.name) == ["a.txt"])
    #expect(FileSystem.status(path).map { $0.st_mode & 0o777 } == 0o600)
  }

  @Test func writingInPlaceMakesFoldersAndReplacesTheText() throws {
    defer { try? FileSystem.remove(folder) }
    let path = folder + "/compiled/deep/a.sql"
    try FileSystem.overwrite("longer than the second", at: path)
    try FileSystem.overwrite("select 'é'", at: path)
    #expect(String(decoding: try FileSystem.read(path), as: UTF8.self) == "select 'é'")
    #expect(try FileSystem.list(folder + "/compiled/deep").map(\.name) == ["a.sql"])
    // Whatever the file system, a folder can be asked for the hint again.
    DirectoryHints.spread(folder + "/compiled")
    DirectoryHints.spread(folder + "/missing")
  }

  @Test func whatCanNotBeDoneSaysWhy() throws {
    defer { try? FileSystem.remove(folder) }
    try FileSystem.write([], to: folder + "/file")
    let below = #expect(throws: FileSystem.Failure.self) { try FileSystem.write([], to: folder + "/file/below") }
    #expect(below?.errno == ENOTDIR)
    let directory = #expect(throws: FileSystem.Failure.self) { try FileSystem.read(folder) }
    #expect(directory?.reason == "Is a directory")
    let missing = #expect(throws: FileSystem.Failure.self) { try FileSystem.list(folder + "/none") }
    #expect(missing?.errno == ENOENT)
  }

  @Test func removingALinkKeepsWhatItPointsTo() throws {
    defer { try? FileSystem.remove(folder) }
    try FileSystem.write([1], to: folder + "/kept/file")
    try FileSystem.makeDirectory(folder + "/gone")
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/gone/link", withDestinationPath: folder + "/kept")
    #expect(FileSystem.canonical(folder + "/gone/link") == FileSystem.canonical(folder + "/kept"))
    try FileSystem.remove(folder + "/gone")
    #expect(!FileSystem.exists(folder + "/gone"))
    #expect(FileSystem.size(folder + "/kept/file") == 1)
    try FileSystem.remove(folder + "/never")
  }
}
