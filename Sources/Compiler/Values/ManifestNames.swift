import Manifest

/// The Manifest room's quoting where the Project room's is visible too.
typealias NodeQuoting = Quoting
