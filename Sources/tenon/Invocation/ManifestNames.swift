import Manifest

/// The Manifest room's mode of indirect selection where the Project room's is visible too.
typealias IndirectMode = IndirectSelection
