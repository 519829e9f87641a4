variable "name" {
  description = "What the names of all resources begin with."
  type        = string
}

variable "region" {
  description = "The region that all of it is in."
  type        = string
}

variable "functions" {
  description = <<-EOT
    The functions to deploy, by name: grade, craft, perturb, evaluate, report, campaign, campaign-start, campaign-status,
    finetune, finetune-status, and
    what events call: uploaded, campaign-step, campaign-advance, campaign-given-up, finetune-ended,
    finetune-watch.
    zip is the function.zip of a build, of all functions (functions/lambda/models/target) or of report alone
    (functions/lambda/report/target); image_uri an image of the same in ECR (infra/containers/lambda.Containerfile), in place
    of it. SnapStart is for zips, with no more than 512 MB of ephemeral_storage.
  EOT
  type = map(object({
    zip                  = optional(string)
    image_uri            = optional(string)
    snap_start           = optional(bool, true)
    architecture         = optional(string, "x86_64")
    memory_size          = optional(number, 4096)
    timeout              = optional(number, 900)
    ephemeral_storage    = optional(number, 512)
    reserved_concurrency = optional(number, -1)
    environment          = optional(map(string), {})
  }))

  validation {
    condition     = alltrue([for name, _ in var.functions : contains(["grade", "craft", "perturb", "evaluate", "report", "campaign", "campaign-start", "campaign-status", "finetune", "finetune-status", "uploaded", "campaign-step", "campaign-advance", "campaign-given-up", "finetune-ended", "finetune-watch"], name)])
    error_message = "Sclera's functions are grade, craft, perturb, evaluate, report, campaign, campaign-start, campaign-status, finetune, finetune-status, uploaded, campaign-step, campaign-advance, campaign-given-up, finetune-ended and finetune-watch."
  }
}

variable "bucket" {
  description = "The bucket that is the store."
  type        = string
}

variable "bucket_arn" {
  description = "Its ARN."
  type        = string
}

variable "key_arn" {
  description = "The key that encrypts the bucket and the queue."
  type        = string
}

variable "log_groups" {
  description = "The log group of each function, by function: its name and ARN."
  type = map(object({
    name = string
    arn  = string
  }))
}

variable "campaign_time" {
  description = "For how long one call of campaign begins new steps, as ISO 8601 has durations; what is left of the function's timeout must hold the longest step, and where repairs run here, a pass of crafting over the training images."
  type        = string
  default     = "PT7M"
}

variable "reserve" {
  description = "How long before its deadline a function begins to save its work, as ISO 8601 has durations."
  type        = string
  default     = "PT45S"
}

variable "job_queue" {
  description = "The ARN of the AWS Batch queue of fine-tuning jobs."
  type        = string
}

variable "job_definition" {
  description = "The ARN of the AWS Batch job definition of fine-tuning jobs, without its revision."
  type        = string
}

variable "queues" {
  description = "The ARNs of the queues that call functions, by function."
  type        = map(string)
  default     = {}
}

variable "template" {
  description = "What a campaign asks of a model that was uploaded: fields of its request, without models."
  type        = any
  default     = {}
}
